import { patch } from "@web/core/utils/patch";
import { Orderline } from "@point_of_sale/app/components/orderline/orderline";

patch(Orderline.prototype, {
    /** An amount that was typed in has no unit: "30,00 € / Units" would only repeat it. */
    get lineScreenValues() {
        const values = super.lineScreenValues;
        const open = this.line.product_id?.product_tmpl_id?.circuit_open_price;
        return open && this.line.qty === 1 ? { ...values, displayPriceUnit: false } : values;
    },
});
