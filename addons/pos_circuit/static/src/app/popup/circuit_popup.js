import { _t } from "@web/core/l10n/translation";
import { Component, onMounted, useEffect, useRef, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { hasTouch } from "@web/core/browser/feature_detection";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { useBarcodeReader } from "@point_of_sale/app/hooks/barcode_reader_hook";
import { useDialogName } from "../dialog_name";
import { cleanCode, fromWire, isCoupon, isOneTimeCode, parseAmount, toWire } from "../money";

const MIN_SECRET = 4;
const MAX_SECRET = 12;
const CLEAR = "clear";
const BACK = "back";

/**
 * Asks for the card and for what proves its holder (the PIN, the documents the cashier looks at, or
 * either where the shop takes both kinds of card) and stays open until the server accepts: a refusal
 * is shown where it can be mended. What is typed here is never stored.
 */
export class CircuitPopup extends Component {
    static template = "pos_circuit.CircuitPopup";
    static components = { Dialog };
    static props = {
        title: String,
        total: String,
        coupons: { type: String, optional: true },
        identifier: { type: String, optional: true },
        checks: { type: Array, element: String },
        money: Function,
        submit: Function,
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.state = useState({
            identifier: cleanCode(this.props.identifier),
            secret: "",
            asksPin: this.props.checks.includes("pin"),
            asksDocuments: this.props.checks.includes("documents"),
            missesDocuments: false,
            healthCard: false,
            identity: false,
            less: false,
            amount: "",
            refusal: null,
            waiting: false,
            turn: 0,
        });
        this.identifierRef = useRef("identifier");
        this.secretRef = useRef("secret");
        this.healthCardRef = useRef("healthCard");
        useDialogName(this.identifierRef, () => this.props.title);
        this.possibleRef = useRef("possible");
        this.confirmRef = useRef("confirm");
        this.next = [];
        useEffect(
            () => this.next.find((ref) => ref.el)?.el.focus(),
            () => [this.state.turn],
        );
        this.keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9", CLEAR, "0", BACK];
        this.clear = CLEAR;
        this.back = BACK;
        // the keypad on the screen is enough: keep the phone's own keyboard away
        this.inputMode = hasTouch() ? "none" : "numeric";
        this.cameraSupported = isBarcodeScannerSupported();
        const onScan = (code) => this.take(code.code);
        useBarcodeReader({ fiscal_code: onScan, circuit_card: onScan, product: onScan }, true);
        onMounted(() => {
            if (this.state.identifier) {
                this.focusProof();
            } else {
                this.identifierRef.el.focus();
            }
        });
    }

    get oneTime() {
        return isOneTimeCode(this.state.identifier);
    }

    get coupon() {
        return isCoupon(this.state.identifier);
    }

    /** The code of the citizen's telephone takes the place of the PIN; a coupon has none. */
    get asksPin() {
        return this.state.asksPin && !this.oneTime && !this.coupon;
    }

    /** Beside a one-time code documents are asked for only where the server says so. */
    get asksDocuments() {
        return (
            this.state.asksDocuments &&
            !this.coupon &&
            (!this.oneTime || this.state.missesDocuments)
        );
    }

    get secretReady() {
        return new RegExp(`^\\d{${MIN_SECRET},${MAX_SECRET}}$`).test(this.state.secret);
    }

    get secretPlaceholder() {
        return this.state.asksDocuments ? _t("PIN, if the card has one") : _t("PIN");
    }

    /** Enough to ask the server; with documents it is the server that says what is missing. */
    get proofReady() {
        const { asksPin, asksDocuments } = this;
        const { healthCard, identity } = this.state;
        return (
            this.oneTime ||
            this.coupon ||
            (asksPin && this.secretReady) ||
            (asksDocuments && (!asksPin || healthCard || identity))
        );
    }

    get amountReady() {
        return (
            !this.state.less ||
            this.coupon ||
            !this.state.amount ||
            parseAmount(this.state.amount) !== null
        );
    }

    get ready() {
        return (
            !this.state.waiting &&
            cleanCode(this.state.identifier).length >= MIN_SECRET &&
            this.proofReady &&
            this.amountReady
        );
    }

    take(code) {
        this.state.identifier = cleanCode(code);
        this.state.secret = "";
        this.state.refusal = null;
        this.forgetDocuments();
        this.focusProof();
    }

    /** A PIN that was kept after a refusal belongs to the card that was refused. */
    onIdentifierInput() {
        this.forgetDocuments();
        if (this.state.refusal) {
            this.state.refusal = null;
            this.state.secret = "";
        }
    }

    /** Another code is another person: whose documents were seen does not count for them. */
    forgetDocuments() {
        this.state.healthCard = false;
        this.state.identity = false;
    }

    /** Focus the first of these that is on the screen once it is drawn: fields come and go with the code. */
    focus(...refs) {
        this.next = refs;
        this.state.turn++;
    }

    /** What has to be done next; a one-time code needs nothing but the confirmation. */
    focusProof() {
        this.focus(this.secretRef, this.healthCardRef, this.confirmRef);
    }

    async scanWithCamera() {
        try {
            this.take(await scanBarcode(this.env));
        } catch (error) {
            this.state.refusal = { message: error.message || _t("The camera cannot be used.") };
        }
    }

    onIdentifierKeydown(ev) {
        if (ev.key === "Enter" && cleanCode(this.state.identifier)) {
            ev.preventDefault();
            // a scanner that types sends the bar code's start and stop characters too
            this.state.identifier = cleanCode(this.state.identifier);
            this.focusProof();
        }
    }

    onSubmitKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.confirm();
        }
    }

    /** What can be asked for instead of what was refused, or an empty text. */
    get possible() {
        const amount = !this.coupon && this.state.refusal?.possible;
        return amount && parseFloat(amount) > 0 ? amount : "";
    }

    /** What a refusal tells of the account, and where its rule is written. */
    get facts() {
        const { account, left, clause } = this.state.refusal;
        const facts = [];
        if (account && left) {
            facts.push(
                _t("%(account)s: %(amount)s left", { account, amount: this.props.money(left) }),
            );
        }
        return clause ? [...facts, clause] : facts;
    }

    get possibleLabel() {
        return _t("Use %s", this.props.money(this.possible));
    }

    usePossible() {
        this.state.less = true;
        this.state.amount = fromWire(this.possible);
        return this.confirm();
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
        this.state.refusal = null;
        const less = this.state.less && !this.coupon;
        const amount = less ? parseAmount(this.state.amount) : null;
        try {
            const reply = await this.props.submit({
                identifier: cleanCode(this.state.identifier),
                secret: this.oneTime || this.coupon ? "" : this.state.secret,
                documents: { health_card: this.state.healthCard, identity: this.state.identity },
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
        this.state.refusal = reply;
        if (reply.code === "DOCUMENTS") {
            // the PIN was not looked at: it stays for the next try
            this.state.asksDocuments = true;
            this.state.missesDocuments = true;
            this.focus(this.healthCardRef);
            return;
        }
        if (this.possible) {
            // the holder is proven: the button asks again, the PIN need not be typed a second time
            this.focus(this.possibleRef);
            return;
        }
        this.state.secret = "";
        this.state.asksPin ||= reply.code === "UNKNOWN_OR_PIN";
        if (this.coupon || ["BAD_IDENTIFIER", "UNKNOWN", "CODE_EXPIRED"].includes(reply.code)) {
            this.identifierRef.el.focus();
            this.identifierRef.el.select();
        } else {
            this.focusProof();
        }
    }
}
