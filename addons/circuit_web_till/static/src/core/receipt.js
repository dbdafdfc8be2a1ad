import { cents } from "./money";
import { make } from "./page";

/** The big answer, which is also the receipt that is shown, printed and shared (R-004-81). */
export class Receipt {
    /** @param {object} page with its elements and words */
    constructor(page) {
        this.page = page;
        this.current = null;
        page.refs.share.hidden = !navigator.share;
    }

    /**
     * @param {object} receipt of the server
     */
    show(receipt) {
        const { page } = this;
        const { refs } = page;
        this.current = receipt;
        const refund = receipt.kind === "refund";
        const coupon = Boolean(receipt.vat_treatment);
        refs.receipt.classList.toggle("refund", refund);
        const [paid, reversed] = coupon ? ["coupon_used", "coupon_reversed"] : ["paid", "reversed"];
        refs.result_title.textContent = page.text(refund ? reversed : paid);
        refs.result_amount.textContent = page.money(receipt.amount);
        const due = cents(receipt.collect) > 0;
        const collect = due
            ? page.text("collect", page.money(receipt.collect))
            : page.text("nothing");
        page.put("result_collect", refund ? "" : collect);
        refs.result_list.replaceChildren(
            ...this.rows(receipt).flatMap(([name, value]) => [make("dt", name), make("dd", value)]),
        );
        refs.result_shop.textContent = [receipt.shop, receipt.address].filter(Boolean).join(", ");
        refs.result_title.focus();
        window.scrollTo(0, 0);
    }

    /**
     * @param {object} receipt of the server
     * @returns {string[][]} pairs of name and value, without those that are empty
     */
    rows(receipt) {
        const { page } = this;
        const refund = receipt.kind === "refund";
        const coupon = Boolean(receipt.vat_treatment);
        return [
            [
                page.text("residual", receipt.account),
                receipt.balance && page.money(receipt.balance),
            ],
            [page.text("operation"), receipt.reference],
            [page.text("origin"), receipt.origin],
            [page.text("reason"), receipt.reason],
            [page.text("purchase"), refund ? "" : page.money(receipt.purchase)],
            [page.text(coupon ? "coupon" : "card"), `${receipt.instrument}`],
            [page.text(coupon ? "coupon_code" : "holder"), receipt.holder],
            [page.text("coupon_is"), coupon && !refund && page.text(receipt.vat_treatment)],
            [page.text("when"), page.moment(receipt.at)],
        ].filter(([_name, value]) => value);
    }

    /** Hand the receipt to another app of the telephone. */
    async share() {
        const { page, current } = this;
        const head = `${page.refs.result_title.textContent}: ${page.money(current.amount)}`;
        const lines = this.rows(current).map(([name, value]) => `${name}: ${value}`);
        try {
            await navigator.share({ title: current.shop, text: [head, ...lines].join("\n") });
        } catch {
            // closed without sharing
        }
    }
}
