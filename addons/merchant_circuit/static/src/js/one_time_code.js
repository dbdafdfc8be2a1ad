import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** How often the page asks whether the code was used, ms. */
const ASKED = 3000;
/** Seconds left at which whoever does not see the screen is told. */
const SAID = [20, 10];

/**
 * The one-time code: makes one as soon as the page opens, counts down, takes it off the screen when it has ended or a
 * shop has used it, and makes a new one at the press of the button. Without it the page works with its form alone.
 */
export class OneTimeCode extends Interaction {
    static selector = ".o_card_code";
    dynamicContent = {
        // on the root: every new code comes with a new form
        _root: { "t-on-submit.prevent": this.renew },
    };

    start() {
        if (this.el.querySelector(".o_code_shown")) {
            this.show(Date.now());
        } else {
            this.renew();
        }
        this.registerCleanup(() => this.stop());
    }

    stop() {
        clearInterval(this.clock);
        clearInterval(this.question);
        this.screen?.release().catch(() => {});
        this.screen = null;
    }

    async renew() {
        const form = this.el.querySelector("form");
        if (!form || this.asking) {
            return;
        }
        this.stop();
        this.asking = true;
        const body = new FormData(form);
        body.append("part", "panel");
        // counted from the question: the answer takes its time, and the server's minute runs already
        const asked = Date.now();
        let html = "";
        try {
            const answer = await this.waitFor(
                fetch(form.action, { method: "POST", body, redirect: "error" }),
            );
            html = answer.ok || answer.status === 429 ? await this.waitFor(answer.text()) : "";
        } catch {
            html = "";
        }
        this.asking = false;
        const panel = this.parse(html);
        if (!panel) {
            this.end();
            this.say("failed", "", ".o_code_ended");
            return;
        }
        this.replace(panel);
        this.show(asked);
    }

    /** Counts down the code that is on the page. */
    show(asked) {
        const shown = this.el.querySelector(".o_code_shown");
        if (!shown) {
            return;
        }
        const seconds = Number(shown.dataset.seconds);
        const until = asked + seconds * 1000;
        const said = new Set();
        this.say("shown", seconds);
        this.keepAwake();
        const tick = () => {
            const left = Math.ceil((until - Date.now()) / 1000);
            if (left <= 0) {
                this.stop();
                this.end();
                this.say("ended");
                return;
            }
            shown.querySelector(".o_code_left").textContent = left;
            shown.querySelector(".o_code_bar").value = left;
            if (SAID.includes(left) && !said.has(left)) {
                said.add(left);
                this.say("soon", left);
            }
        };
        tick();
        this.clock = setInterval(tick, 250);
        this.question = setInterval(() => this.paid(), ASKED);
    }

    /** Takes a code off the screen that a shop has used, and says where. */
    async paid() {
        const form = this.el.querySelector("form");
        let panel = null;
        try {
            const answer = await this.waitFor(fetch(`${form.action}/paid`, { redirect: "error" }));
            panel = answer.status === 200 ? this.parse(await this.waitFor(answer.text())) : null;
        } catch {
            panel = null;
        }
        // a new code was asked for meanwhile: the answer speaks of the one before
        const told = panel?.querySelector(".o_code_paid");
        if (told && form.isConnected && !this.asking) {
            this.stop();
            this.replace(panel);
            this.el.querySelector(".o_code_said").textContent = told.textContent.trim();
        }
    }

    parse(html) {
        return new DOMParser().parseFromString(html, "text/html").querySelector(".o_code_panel");
    }

    /** Puts a panel in the place of the one on the page; the button keeps the focus. */
    replace(panel) {
        const old = this.el.querySelector(".o_code_panel");
        const focused = old.contains(document.activeElement);
        old.replaceWith(panel);
        if (focused) {
            panel.querySelector("button")?.focus();
        }
    }

    /** Takes an ended code off the screen and offers a new one. */
    end() {
        this.el.querySelector(".o_code_shown")?.remove();
        this.el.querySelector(".o_code_none")?.classList.remove("d-none");
        this.el.querySelector("button")?.classList.replace("btn-outline-primary", "btn-primary");
    }

    /** The screen stays on while a code is shown, where the browser can do that. */
    async keepAwake() {
        try {
            this.screen = await navigator.wakeLock?.request("screen");
        } catch {
            this.screen = null;
        }
    }

    /** Says one of the texts of the page, which are in its language. */
    say(name, number = "", visible = "") {
        const text = this.el.querySelector(`[data-text="${name}"]`).textContent.trim();
        this.el.querySelector(".o_code_said").textContent = `${text} ${number}`.trim();
        const line = visible && this.el.querySelector(visible);
        if (line) {
            line.textContent = text;
        }
    }
}

registry.category("public.interactions").add("merchant_circuit.one_time_code", OneTimeCode);
