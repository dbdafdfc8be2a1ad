import { patch } from "@web/core/utils/patch";
import { PosConfig } from "@point_of_sale/app/models/pos_config";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { PosPayment } from "@point_of_sale/app/models/pos_payment";

patch(PosConfig.prototype, {
    /** Whether a merchant of the circuit sells here: its takings are not the public body's. */
    get isMerchantTill() {
        return Boolean(this.raw.merchant_id);
    },
    get canInvoice() {
        return !this.isMerchantTill && super.canInvoice;
    },
});

patch(PosPayment.prototype, {
    get isCircuit() {
        return this.payment_method_id?.use_payment_terminal === "circuit";
    },
    get isCoupon() {
        return this.isCircuit && this.payment_method_id.payment_terminal?.coupons.has(this.uuid);
    },
});

patch(PosOrder.prototype, {
    get circuitPayments() {
        return this.payment_ids.filter((line) => line.isCircuit);
    },
    /** What cards and coupons paid of the sale that this order returns. */
    get circuitOrigins() {
        const sale = this.lines[0]?.refunded_orderline_id?.order_id;
        return sale?.circuitPayments.filter((line) => line.amount > 0) || [];
    },
    /** The coupons of this sale: they come before the card. */
    get circuitCoupons() {
        return this.circuitPayments.filter((line) => line.isCoupon);
    },
});
