import { _t } from "@web/core/l10n/translation";
import { Component, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { useDialogName } from "../dialog_name";

/**
 * Card payments that this till holds and nobody confirmed: after a crash no order may know them any more, and
 * the register cannot be closed before they are confirmed or given back.
 */
export class OpenHolds extends Component {
    static template = "pos_circuit.OpenHolds";
    static components = { Dialog };
    static props = {
        title: { type: String, optional: true },
        explanation: String,
        holds: { type: Array, element: Object },
        money: Function,
        orderOf: Function,
        openOrder: Function,
        giveBack: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        useDialogName(useRef("explanation"), () => this.title);
        this.state = useState({ holds: [...this.props.holds], busy: "" });
    }

    get title() {
        return this.props.title || _t("Open card payments");
    }

    describe(hold) {
        return [this.props.money(hold.amount), hold.holder, this.at(hold)].join(" · ");
    }

    name(hold) {
        return hold.kind === "refund"
            ? _t("Return no. %s", hold.reference)
            : _t("Operation no. %s", hold.reference);
    }

    at(hold) {
        return deserializeDateTime(hold.at).toFormat("HH:mm"); // a hold lives minutes
    }

    async giveBack(hold) {
        this.state.busy = hold.key;
        if (await this.props.giveBack(hold)) {
            this.state.holds = this.state.holds.filter((other) => other.key !== hold.key);
        }
        this.state.busy = "";
        if (!this.state.holds.length) {
            this.done();
        }
    }

    openOrder(hold) {
        this.props.openOrder(hold);
        this.done();
    }

    done() {
        this.props.getPayload(this.state.holds.length);
        this.props.close();
    }
}
