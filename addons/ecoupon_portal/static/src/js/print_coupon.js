import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The button that prints a coupon; without it the browser's own menu prints the page. */
export class PrintCoupon extends Interaction {
    static selector = ".o_ecoupon_print";
    dynamicContent = {
        _root: { "t-on-click": () => window.print() },
    };

    start() {
        this.el.hidden = false;
    }
}

registry.category("public.interactions").add("ecoupon_portal.print_coupon", PrintCoupon);
