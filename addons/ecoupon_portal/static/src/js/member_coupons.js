import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** How long the page waits before it asks by itself where the bus cannot be reached, in milliseconds. */
export const ALONE_MS = 20_000;
/** And while the bus tells what moved. */
export const TOLD_MS = 300_000;
const STATE = "BUS:WORKER_STATE_UPDATED";
const CONNECTED = "CONNECTED";

/** A member's figures follow each coupon that is spent: the server says that something moved, the page asks what. */
export class MemberCoupons extends Interaction {
    static selector = ".o_member_coupons";
    dynamicContent = {
        _document: { "t-on-visibilitychange": this.schedule },
    };

    setup() {
        this.moved = () => this.refresh();
        // what happened before the bus was heard, or while it was not, is asked for
        this.heard = ({ detail }) => (detail === CONNECTED ? this.refresh() : this.schedule());
        this.bus = this.services.bus_service;
    }

    start() {
        this.bus?.subscribe("ecoupon/redemption", this.moved);
        this.bus?.addEventListener(STATE, this.heard);
        this.bus?.start();
        this.schedule();
        this.registerCleanup(() => {
            this.bus?.unsubscribe("ecoupon/redemption", this.moved);
            this.bus?.removeEventListener(STATE, this.heard);
            clearTimeout(this.timer);
        });
    }

    schedule() {
        clearTimeout(this.timer);
        if (!document.hidden) {
            const told = this.bus?.workerState === CONNECTED;
            this.timer = setTimeout(() => this.refresh(), told ? TOLD_MS : ALONE_MS);
        }
    }

    async refresh() {
        const query = new URLSearchParams(this.el.dataset.query);
        query.set("digest", this.el.dataset.digest);
        try {
            // in the language of the page: an answer that was sent on to another address is not taken
            const response = await this.waitFor(
                fetch(`${window.location.pathname.replace(/\/+$/, "")}/live?${query}`, {
                    headers: { Accept: "application/json" },
                }),
            );
            if (response.ok && !response.redirected) {
                this.show(await this.waitFor(response.json()));
            }
        } catch {
            // no network for now: the next turn asks again
        }
        this.schedule();
    }

    /** Replaces the figures, unless somebody is reading in them with the keyboard; what was unfolded stays so. */
    show({ digest, html, status }) {
        if (!html || this.el.contains(document.activeElement)) {
            return;
        }
        const open = [...this.el.querySelectorAll("details")].map((one) => one.open);
        const page = new DOMParser().parseFromString(html, "text/html");
        page.querySelectorAll("details").forEach((one, index) => (one.open = !!open[index]));
        this.el.replaceChildren(...page.body.childNodes);
        this.el.dataset.digest = digest;
        document.querySelector(".o_member_coupons_status").textContent = status;
    }
}

registry.category("public.interactions").add("ecoupon_portal.member_coupons", MemberCoupons);
