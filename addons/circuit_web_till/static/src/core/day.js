import { make } from "./page";

const REASONS = ["reason_amount", "reason_card", "reason_goods", "reason_twice"];

/** The operations of today, and the last one's reversal with its reason (R-004-95). */
export class Day {
    /**
     * @param {object} page with its elements and words
     * @param {Function} reverse called with the key of the operation, its amount and the reason
     */
    constructor(page, reverse) {
        this.page = page;
        this.reversible = null;
        const reasons = REASONS.map((name) => new Option(page.text(name)));
        page.field("reason").replaceChildren(new Option(page.text("choose"), ""), ...reasons);
        page.refs.reverse_form.addEventListener("submit", (ev) => {
            ev.preventDefault();
            const reason = page.field("reason");
            if (!reason.value) {
                reason.focus();
                return;
            }
            reverse(this.reversible, reason.value);
        });
    }

    /**
     * @param {object} answer of the server: operations and reversible
     */
    show(answer) {
        const { page } = this;
        const { refs } = page;
        refs.day_empty.hidden = Boolean(answer.operations.length);
        refs.day_list.replaceChildren(...answer.operations.map((operation) => this.row(operation)));
        this.reversible = answer.reversible;
        this.close();
    }

    row(operation) {
        const { page } = this;
        const refund = operation.kind === "refund";
        const row = make("li");
        const what = make("span", "", "what");
        const purchase = refund
            ? page.text("refund")
            : page.text("of", page.money(operation.purchase));
        what.append(
            make("strong", `${refund ? "−" : ""}${page.money(operation.amount)}`),
            make("span", ` ${purchase}`),
        );
        const details = [
            page.moment(operation.at, { timeStyle: "short" }),
            operation.reference,
            operation.holder,
        ];
        row.append(what, make("span", details.filter(Boolean).join(" · "), "small"));
        return row;
    }

    /** Ask why before anything is reversed. */
    open() {
        const { refs } = this.page;
        refs.reverse.hidden = true;
        refs.reverse_form.hidden = false;
        refs.reverse_refusal.hidden = true;
        this.page.field("reason").focus();
    }

    /** Nothing is reversed. */
    close() {
        const { page } = this;
        const last = this.reversible;
        page.refs.reverse_form.hidden = true;
        page.refs.reverse_form.reset();
        page.put(
            "reverse",
            last && `${page.text("reverse", last.reference)} (${page.money(last.amount)})`,
        );
    }

    /**
     * @param {string} message why it was not reversed
     */
    refuse(message) {
        this.page.put("reverse_refusal", message);
    }
}
