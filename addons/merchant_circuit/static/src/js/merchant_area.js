import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** How long the overview waits before it asks again, in milliseconds. */
export const REFRESH_MS = 15000;

/** The overview keeps itself up to date while somebody can see it. */
export class MerchantLive extends Interaction {
    static selector = ".o_merchant_live";
    dynamicContent = {
        _document: { "t-on-visibilitychange": this.schedule },
    };

    start() {
        this.schedule();
        this.registerCleanup(() => clearTimeout(this.timer));
    }

    schedule() {
        clearTimeout(this.timer);
        if (!document.hidden) {
            this.timer = setTimeout(() => this.refresh(), REFRESH_MS);
        }
    }

    async refresh() {
        const query = new URLSearchParams({
            trend: this.el.dataset.trend,
            digest: this.el.dataset.digest,
        });
        try {
            // in the language of the page: an answer that was sent on to another address is not taken
            const response = await this.waitFor(
                fetch(`${window.location.pathname.replace(/\/+$/, "")}/live?${query}`, {
                    headers: { Accept: "application/json" },
                }),
            );
            // logged out, or no merchant any more: the page stays as it is
            if (!response.ok || response.redirected) {
                return;
            }
            this.show(await this.waitFor(response.json()));
        } catch {
            // no network for now: the next turn asks again
        }
        this.schedule();
    }

    /** Replaces the figures, unless somebody is reading in them with the keyboard. */
    show({ digest, html, status }) {
        if (!html || this.el.contains(document.activeElement)) {
            return;
        }
        const open = Boolean(this.el.querySelector("details[open]"));
        const page = new DOMParser().parseFromString(html, "text/html");
        this.el.replaceChildren(...page.body.childNodes);
        this.el.dataset.digest = digest;
        this.el.querySelector("details").open = open;
        document.querySelector(".o_merchant_live_status").textContent = status;
    }
}

/** "Print" opens the browser's own dialog. */
export class MerchantPrint extends Interaction {
    static selector = ".o_merchant_print";
    dynamicContent = {
        _root: { "t-on-click": () => window.print() },
    };
}

registry.category("public.interactions").add("merchant_circuit.live", MerchantLive);
registry.category("public.interactions").add("merchant_circuit.print", MerchantPrint);
