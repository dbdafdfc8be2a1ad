import { _t } from "@web/core/l10n/translation";
import { AlertDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { ConnectionLostError, RPCError, rpc } from "@web/core/network/rpc";
import { PaymentInterface } from "@point_of_sale/app/utils/payment/payment_interface";
import { register_payment_method } from "@point_of_sale/app/services/pos_store";
import { makeAwaitable } from "@point_of_sale/app/utils/make_awaitable_dialog";
import { CircuitPopup } from "./popup/circuit_popup";
import { toWire } from "./money";

const KEEP_PATIENCE = 2000; // ms
const HELD = ["authorized", "captured"];

/** What the receipt says of a card: its account, and what is left on it. */
function cardNote(reply, refund, money) {
    const { account } = reply;
    if (refund) {
        return [
            _t("Given back to %(account)s: %(amount)s", { account, amount: money(reply.amount) }),
        ];
    }
    return [
        _t("Deducted: %s", money(reply.amount)),
        _t("Residual credit %(account)s: %(amount)s", { account, amount: money(reply.balance) }),
    ];
}

/** What the receipt says of a coupon: the shop's own lowers the price, another member's pays a part of it. */
function couponNote(reply, refund, money) {
    const amount = money(reply.amount);
    if (refund) {
        return [_t("Coupon taken back: %s", amount)];
    }
    return [
        reply.vat_treatment === "discount"
            ? _t("Discount of this shop: %s", amount)
            : _t("Paid by the coupon: %s", amount),
    ];
}

/**
 * The circuit as a payment terminal: the server holds the card's share of the purchase before the
 * order is validated, and takes it in the same database transaction that stores the order.
 */
export class PaymentCircuit extends PaymentInterface {
    setup() {
        super.setup(...arguments);
        this.supports_reversals = true;
        // in memory only: payment lines that asked before, and a code scanned before the popup opened
        this.asked = new Set();
        this.dropped = new Set();
        this.coupons = new Set();
        this.origins = new Map(); // payment line of a return to what it gives back
        this.scanned = "";
    }

    get offline() {
        return this.pos.data.network.offline;
    }

    /**
     * One question to the server, never queued: an old card request must not be sent again later.
     *
     * @param {string} question authorize, status, void or refund
     * @param {object} params its arguments
     * @returns {Promise<object>} the answer; a refusal is an answer
     */
    ask(question, params) {
        return rpc(`/pos_circuit/${this.pos.config.id}/${question}`, params, { silent: true });
    }

    /**
     * Keep order and payment line in the browser's database before money is held: core writes them a moment
     * later, and a tab closed in between would forget what the card has paid.
     */
    async keep() {
        const patience = new Promise((resolve) => setTimeout(resolve, KEEP_PATIENCE));
        const kept = this.pos.data.synchronizeLocalDataInIndexedDB().catch(() => {});
        await Promise.race([kept, patience]); // a browser without a database sells all the same
    }

    /**
     * Card payments this till holds and nobody confirmed.
     *
     * @returns {Promise<object[]>} none when the server cannot be asked
     */
    async openHolds() {
        try {
            return (await this.ask("holds", {})).holds || [];
        } catch (error) {
            if (error instanceof ConnectionLostError || error instanceof RPCError) {
                return [];
            }
            throw error;
        }
    }

    tell(title, body) {
        this.env.services.dialog.add(AlertDialog, { title, body });
    }

    tellOffline() {
        this.tell(
            _t("The card needs a connection"),
            _t(
                "This till is offline. Cards of the circuit can be used online only: try again later or take another payment.",
            ),
        );
    }

    async sendPaymentRequest(uuid) {
        const line = this.pos.models["pos.payment"].getBy("uuid", uuid);
        line.setPaymentStatus("waitingCapture"); // a spinner, without core's "Force done"
        if (this.offline) {
            this.tellOffline();
            return false;
        }
        try {
            if (this.asked.has(uuid)) {
                const known = await this.ask("status", { key: uuid });
                if (HELD.includes(known.status)) {
                    return this.accept(line, known);
                }
            }
            return await (line.pos_order_id.isRefund ? this.giveBack(line) : this.charge(line));
        } catch (error) {
            return this.failed(error);
        }
    }

    async charge(line) {
        const order = line.pos_order_id;
        const scanned = this.scanned;
        this.scanned = "";
        const outcome = await makeAwaitable(this.env.services.dialog, CircuitPopup, {
            title: this.payment_method_id.name,
            total: this.env.utils.formatCurrency(order.priceIncl),
            coupons: this.takenOff(order),
            identifier: scanned,
            checks: (this.pos.config.circuit_checks || "pin").split(","),
            money: (amount) => this.env.utils.formatCurrency(parseFloat(amount)),
            submit: async (entry) => {
                this.asked.add(line.uuid);
                await this.keep();
                return this.ask("authorize", {
                    key: line.uuid,
                    order_ref: order.uuid,
                    identifier: entry.identifier,
                    secret: entry.secret,
                    documents: entry.documents,
                    requested: entry.requested,
                    lines: this.purchase(order),
                });
            },
        });
        if (outcome?.error) {
            throw outcome.error;
        }
        if (!outcome) {
            this.dropped.add(line.uuid); // refused or never asked: nothing is held
            return false;
        }
        return this.accept(line, outcome.reply);
    }

    takenOff(order) {
        const total = order.circuitCoupons.reduce((sum, line) => sum + line.amount, 0);
        return total ? this.env.utils.formatCurrency(-total) : undefined;
    }

    purchase(order) {
        return order.lines
            .filter((orderLine) => orderLine.priceIncl)
            .map((orderLine) => ({
                product_id: orderLine.product_id.id,
                amount: toWire(orderLine.priceIncl),
            }));
    }

    async giveBack(line) {
        const order = line.pos_order_id;
        const others = order.circuitPayments.filter((other) => other !== line);
        const given = others.map((other) => this.origins.get(other.uuid));
        const own = this.origins.get(line.uuid);
        const origin = order.circuitOrigins.find((sold) =>
            own ? sold.uuid === own : !given.includes(sold.uuid),
        );
        if (!origin) {
            this.dropped.add(line.uuid);
            this.tell(
                this.payment_method_id.name,
                order.circuitOrigins.length
                    ? _t("Everything that the circuit paid of this sale is given back already.")
                    : _t("The original sale was not paid with a card of the circuit."),
            );
            return false;
        }
        this.asked.add(line.uuid);
        this.origins.set(line.uuid, origin.uuid);
        await this.keep();
        const reply = await this.ask("refund", {
            key: line.uuid,
            order_ref: order.uuid,
            origin_key: origin.uuid,
            returned: toWire(Math.abs(order.priceIncl)),
        });
        if (HELD.includes(reply.status)) {
            return this.accept(line, reply);
        }
        this.dropped.add(line.uuid);
        this.tell(
            this.payment_method_id.name,
            reply.message || _t("Nothing has to go back to the card for these goods."),
        );
        return false;
    }

    accept(line, reply) {
        const refund = line.pos_order_id.isRefund;
        const amount = parseFloat(reply.amount);
        const money = (value) => this.env.utils.formatCurrency(parseFloat(value));
        line.setAmount(refund ? -amount : amount);
        line.transaction_id = reply.reference;
        line.card_type = reply.instrument;
        if (reply.origin_key) {
            this.origins.set(line.uuid, reply.origin_key);
        }
        if (reply.kind === "coupon") {
            this.coupons.add(line.uuid);
        }
        line.ticket = [
            `${reply.instrument}  ${reply.holder}`,
            ...(reply.kind === "coupon" ? couponNote : cardNote)(reply, refund, money),
            _t("Operation no. %s", reply.reference),
        ].join("\n"); // printed on the receipt and stored with the payment
        return true;
    }

    failed(error) {
        if (error instanceof ConnectionLostError) {
            this.tell(
                _t("Connection lost"),
                _t(
                    "The answer did not arrive. Press Retry: if the card was debited, the same debit is taken up again, never a second one.",
                ),
            );
            return false;
        }
        if (error instanceof RPCError) {
            this.tell(this.payment_method_id.name, error.data?.message || error.message);
            return false;
        }
        throw error;
    }

    sendPaymentCancel(_order, uuid) {
        return this.sendPaymentReversal(uuid);
    }

    /**
     * Give up what a line holds.
     *
     * @param {string} uuid of the payment line
     * @returns {Promise<boolean>} true when nothing is held any more
     */
    async sendPaymentReversal(uuid) {
        if (this.offline) {
            this.tellOffline();
            return false;
        }
        try {
            const replies = await this.ask("void", { keys: [uuid] });
            const reply = replies[uuid] || replies;
            if (["voided", "expired"].includes(reply.status)) {
                return true;
            }
            this.tell(
                this.payment_method_id.name,
                reply.message || _t("This payment is already confirmed. Make a return instead."),
            );
            return false;
        } catch (error) {
            return this.failed(error);
        }
    }

    /**
     * After a reload: ask what became of a line, and show it.
     *
     * @param {object} line a payment line of this terminal
     */
    async recover(line) {
        this.asked.add(line.uuid);
        let found = false;
        try {
            const known = await this.ask("status", { key: line.uuid });
            found = HELD.includes(known.status) && this.accept(line, known);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            if (line.getPaymentStatus() === "done") {
                return; // nothing new is known
            }
        }
        line.handlePaymentResponse(found);
    }
}

register_payment_method("circuit", PaymentCircuit);
