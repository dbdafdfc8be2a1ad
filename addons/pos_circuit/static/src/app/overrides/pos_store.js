import { _t } from "@web/core/l10n/translation";
import { patch } from "@web/core/utils/patch";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { PosRouter } from "@point_of_sale/app/services/pos_router_service";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { parseAmount } from "../money";

patch(PosStore.prototype, {
    /** Whoever signed in is the cashier: no screen in between asks again. */
    get firstPage() {
        const first = super.firstPage;
        if (
            first.page !== "LoginScreen" ||
            !this.config.isMerchantTill ||
            this.config.module_pos_hr
        ) {
            return first;
        }
        this.setCashier(this.user);
        return this.defaultPage;
    },

    /** Without a drawer there is nothing to count: a merchant's till opens by itself. */
    async openOpeningControl() {
        if (!this.config.isMerchantTill || !this.shouldShowOpeningControl()) {
            return super.openOpeningControl();
        }
        await this.data.call("pos.session", "set_opening_control", [this.session.id, 0, ""]);
        this.session.state = "opened";
    },

    /** Core opens the till again after its closing; a merchant goes to the list of transactions. */
    closeSession() {
        this.router.exitUrl = this.config.isMerchantTill ? "/merchant" : undefined;
        return super.closeSession();
    },

    /** A product without a price of its own asks for the amount at once. */
    async addLineToOrder(vals, order, opts = {}, configure = true) {
        const template =
            typeof vals.product_tmpl_id === "number"
                ? this.models["product.template"].get(vals.product_tmpl_id)
                : vals.product_tmpl_id;
        if (!configure || !template?.circuit_open_price || "price_unit" in vals) {
            return super.addLineToOrder(vals, order, opts, configure);
        }
        const typed = await makeAwaitable(this.dialog, NumberPopup, {
            title: template.display_name || template.name,
            confirmButtonLabel: _t("Add"),
            isValid: (buffer) => parseAmount(buffer) !== null,
        });
        const amount = typed === undefined ? null : parseAmount(typed);
        if (amount === null) {
            return undefined;
        }
        return super.addLineToOrder({ ...vals, price_unit: amount }, order, opts, configure);
    },

    /** An order that is deleted gives back what its card lines hold. */
    async _onBeforeDeleteOrder(order) {
        for (const line of order.circuitPayments) {
            const held = !["pending", "reversed"].includes(line.getPaymentStatus());
            if (
                held &&
                !(await line.payment_method_id.payment_terminal.sendPaymentReversal(line.uuid))
            ) {
                return false;
            }
        }
        return super._onBeforeDeleteOrder(order);
    },

    canEditPayment(order) {
        return order.circuitPayments.length === 0 && super.canEditPayment(order);
    },
});

patch(PosRouter.prototype, {
    close() {
        if (this.exitUrl) {
            window.location.href = this.exitUrl;
        } else {
            super.close();
        }
    },
});
