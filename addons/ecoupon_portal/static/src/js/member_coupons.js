import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Where the bus cannot be reached the page asks by itself, in milliseconds. */
export const REFRESH_MS = 20000;
const HEARD = ["BUS:CONNECT", "BUS:RECONNECT"];

/** A member's figures follow each coupon that is spent: the server says that something moved, the page asks what. */
export class MemberCoupons extends Interaction {
    static selector = ".o_member_coupons";
    dynamicContent = {
        _document: { "t-on-visibilitychange": this.schedule },
    };

    setup() {
        this.moved = () => this.refresh();
        this.bus = this.services.bus_service;
    }

    start() {
        this.bus?.subscribe("ecoupon/redemption", this.moved);
        // what happened before the bus was heard, or while it was not
        for (const heard of HEARD) {
            this.bus?.addEventListener(heard, this.moved);
        }
        this.bus?.start();
        this.schedule();
        this.registerCleanup(() => {
            this.bus?.unsubscribe("ecoupon/redemption", this.moved);
            for (const heard of HEARD) {
                this.bus?.removeEventListener(heard, this.moved);
            }
            clearTimeout(this.timer);
        });
    }

    schedule() {
        clearTimeout(this.timer);
        if (!document.hidden) {
            this.timer = setTimeout(() => this.refresh(), REFRESH_MS);
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

    /** Replaces the figures, unless somebody is reading in them with the keyboard. */
    show({ digest, html, status }) {
        if (!html || this.el.contains(document.activeElement)) {
            return;
        }
        const page = new DOMParser().parseFromString(html, "text/html");
        this.el.replaceChildren(...page.body.childNodes);
        this.el.dataset.digest = digest;
        document.querySelector(".o_member_coupons_status").textContent = status;
    }
}

registry.category("public.interactions").add("ecoupon_portal.member_coupons", MemberCoupons);
