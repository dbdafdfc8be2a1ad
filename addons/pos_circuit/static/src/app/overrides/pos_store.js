import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { patch } from "@web/core/utils/patch";
import { NumberPopup } from "@point_of_sale/app/components/popups/number_popup/number_popup";
import { PosRouter } from "@point_of_sale/app/services/pos_router_service";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { OpenHolds } from "../holds/open_holds";
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

    get circuitTerminal() {
        return this.config.payment_method_ids.find(
            (method) => method.use_payment_terminal === "circuit",
        )?.payment_terminal;
    },

    async afterProcessServerData() {
        await super.afterProcessServerData(...arguments);
        if (this.config.isMerchantTill && !this.data.network.offline) {
            this.showForgottenHolds(); // the till need not wait for the answer
        }
    },

    /** Money may be held for an order that this browser does not know: another one made it, or it crashed. */
    async showForgottenHolds() {
        const holds = (await this.circuitTerminal?.openHolds()) || [];
        const forgotten = holds.filter((hold) => !this.orderOfHold(hold));
        if (forgotten.length) {
            await this.showHolds(
                forgotten,
                _t(
                    "No order of this till knows these card payments. Unless another device is just making the sale, give them back and repeat the sale.",
                ),
            );
        }
    },

    async showAllHolds() {
        const holds = (await this.circuitTerminal?.openHolds()) || [];
        if (!holds.length) {
            this.dialog.add(AlertDialog, {
                title: _t("Open card payments"),
                body: _t("No card payment is open at this till."),
            });
            return;
        }
        await this.showHolds(holds, _t("These card payments are held and not confirmed yet."));
    },

    /**
     * @param {object[]} holds as the server tells them
     * @param {string} explanation why they are shown
     * @returns {Promise<number>} how many are left
     */
    async showHolds(holds, explanation) {
        const left = await makeAwaitable(this.dialog, OpenHolds, {
            holds,
            explanation,
            money: (amount) => this.env.utils.formatCurrency(parseFloat(amount)),
            orderOf: (hold) => this.orderOfHold(hold),
            openOrder: (hold) => {
                const order = this.orderOfHold(hold);
                this.setOrder(order);
                this.navigate("PaymentScreen", { orderUuid: order.uuid });
            },
            giveBack: (hold) => this.circuitTerminal.sendPaymentReversal(hold.key),
        });
        return left ?? holds.length;
    },

    /** The open order of this browser that a hold was made for. */
    orderOfHold(hold) {
        const line = this.models["pos.payment"].find((payment) => payment.uuid === hold.key);
        const order = line?.pos_order_id;
        return order && !order.finalized ? order : undefined;
    },

    /** Core opens the till again after its closing; a merchant goes to the list of transactions. */
    async closeSession() {
        this.router.exitUrl = this.config.isMerchantTill ? "/merchant" : undefined;
        const holds =
            (this.config.isMerchantTill && (await this.circuitTerminal?.openHolds())) || [];
        const explanation = _t(
            "The register cannot be closed while card payments are open: finish their orders, or give them back.",
        );
        if (holds.length && (await this.showHolds(holds, explanation))) {
            return undefined;
        }
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
