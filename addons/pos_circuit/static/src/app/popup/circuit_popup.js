import { _t } from "@web/core/l10n/translation";
import { Component, onMounted, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { hasTouch } from "@web/core/browser/feature_detection";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";
import { cleanCode, parseAmount, toWire } from "../money";

const MIN_SECRET = 4;
const MAX_SECRET = 12;
const CLEAR = "clear";
const BACK = "back";

/**
 * Asks for the card and its PIN and stays open until the server accepts: a refusal is shown where
 * it can be mended. What is typed here is never stored.
 */
export class CircuitPopup extends Component {
    static template = "pos_circuit.CircuitPopup";
    static components = { Dialog };
    static props = {
        title: String,
        total: String,
        identifier: { type: String, optional: true },
        submit: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.state = useState({
            identifier: cleanCode(this.props.identifier),
            secret: "",
            less: false,
            amount: "",
            refusal: "",
            waiting: false,
        });
        this.identifierRef = useRef("identifier");
        this.secretRef = useRef("secret");
        this.keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", CLEAR, "0", BACK];
        this.clear = CLEAR;
        this.back = BACK;
        // the keypad on the screen is enough: keep the phone's own keyboard away
        this.inputMode = hasTouch() ? "none" : "numeric";
        this.cameraSupported = isBarcodeScannerSupported();
        const onScan = (code) => this.take(code.code);
        useBarcodeReader({ fiscal_code: onScan, circuit_card: onScan, product: onScan }, true);
        onMounted(() => (this.state.identifier ? this.secretRef : this.identifierRef).el.focus());
    }

    get secretReady() {
        return new RegExp(`^\\d{${MIN_SECRET},${MAX_SECRET}}$`).test(this.state.secret);
    }

    get amountReady() {
        return !this.state.less || !this.state.amount || parseAmount(this.state.amount) !== null;
    }

    get ready() {
        return (
            !this.state.waiting &&
            cleanCode(this.state.identifier).length >= MIN_SECRET &&
            this.secretReady &&
            this.amountReady
        );
    }

    take(code) {
        this.state.identifier = cleanCode(code);
        this.state.secret = "";
        this.state.refusal = "";
        this.secretRef.el.focus();
    }

    async scanWithCamera() {
        try {
            this.take(await scanBarcode(this.env));
        } catch (error) {
            this.state.refusal = error.message || _t("The camera cannot be used.");
        }
    }

    onIdentifierKeydown(ev) {
        if (ev.key === "Enter" && cleanCode(this.state.identifier)) {
            ev.preventDefault();
            // a scanner that types sends the bar code's start and stop characters too
            this.state.identifier = cleanCode(this.state.identifier);
            this.secretRef.el.focus();
        }
    }

    onSubmitKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.confirm();
        }
    }

    press(key) {
        if (key === CLEAR) {
            this.state.secret = "";
        } else if (key === BACK) {
            this.state.secret = this.state.secret.slice(0, -1);
        } else {
            this.state.secret = (this.state.secret + key).slice(0, MAX_SECRET);
        }
    }

    async confirm() {
        if (!this.ready) {
            return;
        }
        this.state.waiting = true;
        this.state.refusal = "";
        const amount = this.state.less ? parseAmount(this.state.amount) : null;
        try {
            const reply = await this.props.submit({
                identifier: cleanCode(this.state.identifier),
                secret: this.state.secret,
                requested: amount === null ? null : toWire(amount),
            });
            if (reply.status === "refused") {
                this.refuse(reply);
                return;
            }
            this.props.getPayload({ reply });
        } catch (error) {
            this.props.getPayload({ error });
        }
        this.props.close();
    }

    refuse(reply) {
        this.state.waiting = false;
        this.state.secret = "";
        this.state.refusal = reply.message;
        const field = reply.code === "BAD_IDENTIFIER" ? this.identifierRef : this.secretRef;
        field.el.focus();
    }
}
