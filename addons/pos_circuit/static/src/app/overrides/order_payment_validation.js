import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { patch } from "@web/core/utils/patch";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";

patch(OrderPaymentValidation.prototype, {
    get hasCircuitPayment() {
        return this.order.circuitPayments.some((line) => line.isDone() && line.amount);
    },

    /** No feedback screen: it would print before the server confirmed. */
    get nextPage() {
        const next = super.nextPage;
        return next.page === "FeedbackScreen" && this.hasCircuitPayment
            ? { page: "ReceiptScreen", params: { orderUuid: this.order.uuid } }
            : next;
    },

    isOrderValid() {
        if (this.hasCircuitPayment && this.pos.data.network.offline) {
            this.pos.dialog.add(AlertDialog, {
                title: _t("The card needs a connection"),
                body: _t(
                    "This sale is paid with a card: it can be confirmed online only. Wait for the connection, or reverse the card payment.",
                ),
            });
            return Promise.resolve(false);
        }
        return super.isOrderValid(...arguments);
    },

    handleValidationError(error) {
        if (!(error instanceof ConnectionLostError) || !this.hasCircuitPayment) {
            return super.handleValidationError(error);
        }
        // whether the server confirmed is not known; a second Validate of the same order is harmless
        this.order.state = "draft";
        this.pos.dialog.add(AlertDialog, {
            title: _t("Not confirmed yet"),
            body: _t(
                "The connection dropped while the sale was being confirmed. Press Validate again: the card is never debited twice.",
            ),
        });
        return new RPCError(); // keeps the cashier on this screen
    },
});
