import { _t } from "@web/core/l10n/translation";
import { onMounted } from "@odoo/owl";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { patch } from "@web/core/utils/patch";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";
import { PaymentScreen } from "@point_of_sale/app/screens/payment_screen/payment_screen";

const IDLE = ["pending", "reversed", undefined, ""];

patch(PaymentScreen.prototype, {
    setup() {
        super.setup(...arguments);
        useBarcodeReader({ fiscal_code: this.onCardScanned, circuit_card: this.onCardScanned });
        onMounted(() => this.resumeCircuit());
    },

    get circuitMethod() {
        return this.payment_methods_from_config.find(
            (method) => method.use_payment_terminal === "circuit",
        );
    },

    /** A card scanned on this screen starts its payment. */
    onCardScanned(code) {
        if (this.circuitMethod && !this.isRefundOrder) {
            this.circuitMethod.payment_terminal.scanned = code.code;
            this.addNewPaymentLine(this.circuitMethod);
        }
    },

    /** After a reload ask what became of the card lines; for a return propose the share of coupons and card. */
    async resumeCircuit() {
        const order = this.currentOrder;
        for (const line of order.circuitPayments) {
            if (!IDLE.includes(line.getPaymentStatus())) {
                await line.payment_method_id.payment_terminal.recover(line);
            }
        }
        if (!order.isRefund || this.paymentLines.length || !this.circuitMethod) {
            return;
        }
        for (const origin of order.circuitOrigins) {
            const known = order.circuitPayments.length;
            await this.addNewPaymentLine(this.circuitMethod);
            const line = order.circuitPayments[known];
            if (line) {
                line.payment_method_id.payment_terminal.origins.set(line.uuid, origin.uuid);
                await this.sendPaymentRequest(line);
            }
        }
    },

    addNewPaymentLine(paymentMethod) {
        if (paymentMethod.use_payment_terminal !== "circuit") {
            return super.addNewPaymentLine(...arguments);
        }
        if (paymentMethod.payment_terminal.offline) {
            paymentMethod.payment_terminal.tellOffline();
            return Promise.resolve(false);
        }
        const order = this.currentOrder;
        if (!order.isRefund && order.circuitPayments.length > order.circuitCoupons.length) {
            this.dialog.add(AlertDialog, {
                title: paymentMethod.name,
                body: _t(
                    "A card pays this sale already. Only one card can pay a sale, and coupons come before it: to use a coupon, remove the card payment first.",
                ),
            });
            return Promise.resolve(false);
        }
        return super.addNewPaymentLine(...arguments);
    },

    async sendPaymentRequest(line) {
        const { payment_terminal: terminal } = line.payment_method_id;
        const { uuid, isCircuit } = line;
        const result = await super.sendPaymentRequest(...arguments);
        for (const done of this.currentOrder.circuitPayments) {
            // core lets the last line alone be reversed; a coupon may go although a card came after it
            done.can_be_reversed = done.getPaymentStatus() === "done";
        }
        if (isCircuit && terminal.dropped.delete(uuid)) {
            this.currentOrder.removePaymentline(line);
            this.numberBuffer.reset();
        }
        return result;
    },

    /** A line whose outcome is not known may hold money: give it up before it is forgotten. */
    async deletePaymentLine(uuid) {
        const line = this.paymentLines.find((candidate) => candidate.uuid === uuid);
        if (line?.isCircuit && !IDLE.includes(line.getPaymentStatus())) {
            const terminal = line.payment_method_id.payment_terminal;
            if (!(await terminal.sendPaymentReversal(uuid))) {
                return;
            }
        }
        super.deletePaymentLine(...arguments);
    },

    async sendPaymentReverse(line) {
        await super.sendPaymentReverse(...arguments);
        if (line.isCircuit && line.getPaymentStatus() === "reversed") {
            this.currentOrder.removePaymentline(line);
            this.numberBuffer.reset();
        }
    },

    /** Only the server can say that a card was charged. */
    async sendForceDone(line) {
        if (!line.isCircuit) {
            await super.sendForceDone(...arguments);
        }
    },
});
