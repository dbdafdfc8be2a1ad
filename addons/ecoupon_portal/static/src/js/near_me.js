import { distance } from "@merchant_circuit/js/directory";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** "Near me" in the catalogue: sorts the coupons in the browser; the position never leaves it. */
export class CouponsNearMe extends Interaction {
    static selector = ".o_ecoupon_catalogue";
    dynamicContent = {
        ".o_ecoupon_near": { "t-on-click": this.locate },
    };

    start() {
        const button = this.el.querySelector(".o_ecoupon_near");
        if (button && navigator.geolocation) {
            button.hidden = false;
        }
    }

    locate() {
        this.say("searching");
        navigator.geolocation.getCurrentPosition(
            async ({ coords }) => {
                const whole = await this.waitFor(this.complete());
                this.sort(coords);
                this.say(whole ? "sorted" : "partly");
            },
            () => this.say("denied"),
            { maximumAge: 60000, timeout: 10000 },
        );
    }

    /**
     * Fetches the coupons of the other pages, with the filters and without the position.
     *
     * @returns {Promise<boolean>} whether all of them are in the list
     */
    async complete() {
        const button = this.el.querySelector(".o_ecoupon_near");
        if (!button.dataset.all) {
            return true;
        }
        try {
            // the server leads on to the address in the page's language
            const answer = await fetch(button.dataset.all);
            const page = new DOMParser().parseFromString(await answer.text(), "text/html");
            this.list.replaceChildren(...page.querySelector(".o_ecoupon_list").children);
            this.el.querySelector(".o_ecoupon_pages")?.remove();
            delete button.dataset.all;
            return true;
        } catch {
            return false;
        }
    }

    get list() {
        return this.el.querySelector(".o_ecoupon_list");
    }

    /** Shows one of the texts of the page, which are in its language. */
    say(name) {
        const text = this.el.querySelector(`[data-text="${name}"]`).textContent.trim();
        this.el.querySelector(".o_ecoupon_near_status").textContent = text;
    }

    /** Coupons by their nearest place; those without a place last, in their order. */
    sort(here) {
        const far = new Map();
        for (const item of this.list.children) {
            const points = (item.dataset.points || "").split(" ").filter(Boolean);
            const all = points.map((point) => {
                const [latitude, longitude] = point.split(",").map(parseFloat);
                return distance(here, { latitude, longitude });
            });
            const km = Math.min(Infinity, ...all);
            far.set(item, km);
            const label = item.querySelector(".o_ecoupon_distance");
            if (label && km < Infinity) {
                label.textContent = this.write(km);
            }
        }
        const items = [...this.list.children];
        this.list.append(...items.sort((a, b) => far.get(a) - far.get(b) || 0));
    }

    /** "250 m" or "1.2 km", as the page's language writes numbers. */
    write(km) {
        const language = document.documentElement.lang || undefined;
        return km < 1
            ? `${(Math.round(km * 100) * 10).toLocaleString(language)} m`
            : `${km.toLocaleString(language, { maximumFractionDigits: 1 })} km`;
    }
}

registry.category("public.interactions").add("ecoupon_portal.near_me", CouponsNearMe);
