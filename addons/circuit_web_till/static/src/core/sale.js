import { cents, nothing, toField, toWire } from "./money";
import { clean, isBearer, isCoupon, isOneTime, isPlausible } from "./codes";

const SECRET = /^\d{4,12}$/;

/** The three inputs: who, how much, and what proves the holder. What is typed here is never stored. */
export class Sale {
    /**
     * @param {object} page with its elements and words
     * @param {Function} submit called when the form is sent
     */
    constructor(page, submit) {
        this.page = page;
        this.checks = new Set(["pin"]);
        this.order = null;
        const field = (id) => page.field(id);
        this.identifier = field("identifier");
        this.amount = field("amount");
        this.secret = field("secret");
        this.healthCard = field("health_card");
        this.identity = field("identity");
        this.excluded = field("excluded");
        this.requested = field("requested");
        page.refs.form.addEventListener("submit", (ev) => {
            ev.preventDefault();
            submit();
        });
        page.refs.form.addEventListener("keydown", (ev) => this.onKey(ev));
        this.identifier.addEventListener("input", () => {
            // another code is another person: whose documents were seen does not count for them
            this.healthCard.checked = this.identity.checked = false;
            this.arrange();
        });
        for (const input of [this.amount, this.excluded, this.requested]) {
            input.placeholder = nothing(page.language);
            input.addEventListener("input", () => this.mark(input, ""));
        }
    }

    /** @returns {boolean} whether the citizen's one-time code was scanned */
    get oneTime() {
        return isOneTime(this.identifier.value);
    }

    /** @returns {boolean} whether a coupon was scanned or typed */
    get coupon() {
        return isCoupon(this.identifier.value);
    }

    /** @returns {boolean} whether neither PIN nor documents are asked for */
    get bearer() {
        return isBearer(this.identifier.value);
    }

    /**
     * What the shop's programmes ask for.
     *
     * @param {string[]} checks of pin and documents
     */
    ask(checks) {
        this.checks = new Set(checks);
        this.arrange();
    }

    /** Show the proofs that are asked for. */
    arrange() {
        const { refs } = this.page;
        refs.one_time.hidden = !this.oneTime;
        refs.coupon.hidden = !this.coupon;
        refs.submit.textContent = this.page.text(this.coupon ? "use_coupon" : "charge");
        refs.pin.hidden = this.oneTime || this.bearer || !this.checks.has("pin");
        refs.documents.hidden = this.bearer || !this.checks.has("documents");
        const either = this.checks.has("documents");
        refs.pin_label.textContent = this.page.text(either ? "pin_optional" : "pin");
    }

    /**
     * A code of the camera.
     *
     * @param {string} code as read
     */
    take(code) {
        this.identifier.value = code;
        this.secret.value = "";
        this.healthCard.checked = this.identity.checked = false;
        this.arrange();
        this.next()?.focus();
    }

    /** @returns {HTMLElement|null} the first field that is still empty */
    next() {
        const { refs } = this.page;
        const proofs = [];
        if (!refs.pin.hidden && refs.documents.hidden) {
            proofs.push(this.secret);
        }
        if (!refs.documents.hidden && refs.pin.hidden) {
            proofs.push(this.healthCard, this.identity);
        }
        const empty = (input) => (input.type === "checkbox" ? !input.checked : !input.value.trim());
        return [this.identifier, this.amount, ...proofs].find(empty) || null;
    }

    onKey(ev) {
        if (ev.key !== "Enter" || ev.target.tagName !== "INPUT") {
            return;
        }
        ev.preventDefault();
        if (ev.target === this.identifier) {
            // a scanner that types sends the bar code's start and stop characters too
            this.identifier.value = clean(this.identifier.value);
            this.arrange();
        }
        const next = this.next();
        if (next && next !== ev.target) {
            next.focus();
        } else {
            this.page.refs.form.requestSubmit();
        }
    }

    mark(input, message) {
        input.toggleAttribute("aria-invalid", Boolean(message));
        if (message) {
            input.setAttribute("aria-invalid", "true");
        }
        this.page.refs.amount_error.textContent = message;
    }

    /**
     * What the server is asked, as typed.
     *
     * @returns {{sale: object}|{wrong: HTMLElement, message: string}} the request, or what to mend
     */
    read() {
        const { page } = this;
        const identifier = clean(this.identifier.value);
        const amount = toWire(this.amount.value);
        const excluded = this.excluded.value.trim() && toWire(this.excluded.value);
        const requested = this.requested.value.trim() && toWire(this.requested.value);
        if (!isPlausible(identifier)) {
            return { wrong: this.identifier, message: page.text("identifier") };
        }
        for (const [input, value] of [
            [this.amount, amount],
            [this.excluded, excluded],
            [this.requested, requested],
        ]) {
            if (value === null) {
                return { wrong: input, message: page.text("amount") };
            }
        }
        if (excluded && cents(excluded) > cents(amount)) {
            return { wrong: this.excluded, message: page.text("excluded") };
        }
        return (
            this.unproven() || {
                sale: {
                    identifier,
                    secret: this.oneTime || this.bearer ? "" : this.secret.value,
                    documents: {
                        health_card: this.healthCard.checked,
                        identity: this.identity.checked,
                    },
                    amount,
                    excluded: excluded || null,
                    // a coupon has its own amount
                    requested: (!this.coupon && requested) || null,
                    order: this.order,
                },
            }
        );
    }

    /** @returns {object|null} what is missing to prove the holder; the server has the last word */
    unproven() {
        const { page } = this;
        if (this.oneTime || this.bearer) {
            return null;
        }
        const seen = this.healthCard.checked && this.identity.checked;
        const typed = SECRET.test(this.secret.value);
        if (
            this.checks.has("pin") &&
            !typed &&
            (this.secret.value || !this.checks.has("documents"))
        ) {
            return { wrong: this.secret, message: page.text("secret") };
        }
        if (this.checks.has("documents") && !seen && !typed) {
            const missing = this.healthCard.checked ? this.identity : this.healthCard;
            return { wrong: missing, message: page.text("documents") };
        }
        return null;
    }

    /**
     * Show a refusal where it can be mended; nothing but the PIN has to be typed again.
     *
     * @param {object} reply of the server, or only a message
     */
    refuse(reply) {
        const { page } = this;
        const { refs } = page;
        // "0.00": the server knows of no amount that would do
        const possible = reply.possible && cents(reply.possible) > 0 ? reply.possible : "";
        refs.refusal.hidden = false;
        refs.refusal_message.textContent = reply.message;
        page.put(
            "refusal_left",
            reply.left &&
                `${page.text("residual", reply.account || "")}: ${page.money(reply.left)}`,
        );
        page.put("refusal_clause", reply.clause && page.text("clause", reply.clause));
        page.put("refusal_possible", possible && page.text("possible", page.money(possible)));
        refs.refusal_possible.value = possible;
        if (reply.code === "DOCUMENTS") {
            this.ask([...this.checks, "documents"]);
        } else if (reply.code === "UNKNOWN_OR_PIN") {
            this.ask([...this.checks, "pin"]);
        }
        if (reply.code && reply.code !== "DOCUMENTS" && !possible) {
            this.secret.value = "";
        }
        this.focusAfter(reply, possible);
    }

    focusAfter(reply, possible) {
        const places = {
            BAD_IDENTIFIER: this.identifier,
            UNKNOWN: this.identifier,
            CODE_EXPIRED: this.identifier,
            UNKNOWN_OR_PIN: this.secret,
            DOCUMENTS: this.healthCard,
        };
        const { refs } = this.page;
        const coupon = reply.code?.startsWith("COUPON_") ? this.identifier : null;
        const target =
            reply.wrong ||
            coupon ||
            places[reply.code] ||
            (possible ? refs.refusal_possible : null);
        (target || refs.refusal_message).focus();
        refs.refusal.scrollIntoView({ block: "nearest" });
    }

    /** A refusal is over as soon as the shopkeeper goes on. */
    forgive() {
        this.page.refs.refusal.hidden = true;
    }

    /**
     * Use the amount that the server called possible.
     *
     * @param {string} wire e.g. "5.00"
     */
    use(wire) {
        this.page.refs.more.open = true;
        this.requested.value = toField(wire, this.page.language);
    }

    /**
     * An amount that was asked for before the page was loaded anew.
     *
     * @param {string} wire e.g. "30.00"
     */
    restore(wire) {
        if (!this.amount.value) {
            this.amount.value = toField(wire, this.page.language);
        }
    }

    /**
     * A coupon was taken off this purchase: the card pays of what is left.
     *
     * @param {{order: string, amount: string, excluded: string, left: string}} purchase that goes on
     */
    goOn({ order, amount, excluded, left }) {
        const { page } = this;
        this.clear();
        this.order = order;
        this.amount.value = toField(amount, page.language);
        this.excluded.value = excluded ? toField(excluded, page.language) : "";
        this.amount.readOnly = this.excluded.readOnly = true;
        page.refs.order.hidden = false;
        page.refs.order_left.textContent = page.text("left", page.money(left));
    }

    /** Everything empty, for the next citizen. */
    clear() {
        this.order = null;
        this.amount.readOnly = this.excluded.readOnly = false;
        this.page.refs.order.hidden = true;
        this.page.refs.form.reset();
        this.page.refs.more.open = false;
        this.forgive();
        this.mark(this.amount, "");
        this.arrange();
    }

    /** The PIN is not left on the screen of a telephone that is put away. */
    forgetSecret() {
        this.secret.value = "";
    }
}
