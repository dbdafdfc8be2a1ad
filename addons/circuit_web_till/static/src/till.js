import { NoAccess, SignedOut, ask, settle } from "./core/server";
import { Pending, newKey } from "./core/pending";
import { Page, make } from "./core/page";
import { Day } from "./core/day";
import { Purchase } from "./core/purchase";
import { Receipt } from "./core/receipt";
import { Sale } from "./core/sale";
import { Scanner } from "./core/scanner";

const RETRY = 3_000;

/**
 * The web till. One operation at a time: it is kept under its key before it is asked for, and nothing else is
 * charged until the server has told what became of it.
 */
class WebTill {
    constructor() {
        this.page = new Page();
        this.receipt = new Receipt(this.page);
        this.sale = new Sale(this.page, () => this.charge());
        this.day = new Day(this.page, (last, reason) => this.reverse(last, reason));
        this.scanner = new Scanner(this.page);
        this.page.refs.scan.hidden = !Scanner.possible;
        this.pending = null;
        this.purchase = null;
        this.busy = false;
        this.timer = null;
        document.addEventListener("click", (ev) => this.onClick(ev));
        window.addEventListener("online", () => this.onReturn());
        window.addEventListener("offline", () => this.showConnection());
        window.addEventListener("pagehide", () => this.sale.forgetSecret());
        document.addEventListener("visibilitychange", () => !document.hidden && this.onReturn());
    }

    onClick(ev) {
        const button = ev.target.closest("[data-do]");
        const actions = {
            open: () => this.open(),
            scan: () => this.scan(),
            stop_scan: () => this.scanner.close(),
            possible: () => this.usePossible(button.value),
            ask_again: () => this.recover(),
            next: () => this.next(),
            go_on: () => this.goOn(),
            print: () => window.print(),
            share: () => this.receipt.share(),
            reverse: () => this.day.open(),
            keep: () => this.day.close(),
        };
        if (button) {
            actions[button.dataset.do]();
        }
    }

    // ------------------------------------------------------------ opening

    /** Ask the server who we are and what is asked for; then what was left open. */
    async open() {
        this.showConnection();
        if (this.busy) {
            return;
        }
        this.busy = true;
        let answer = null;
        try {
            answer = await ask("open");
        } catch (error) {
            this.busy = false;
            this.shut(error);
            return;
        }
        this.busy = false;
        this.show(answer);
        performance.mark("till-ready");
        if (this.pending.current) {
            await this.recover();
        } else if (this.purchase.current && this.ready) {
            this.goOn();
        } else {
            this.next();
        }
    }

    show(answer) {
        const { page } = this;
        page.currency = answer.currency;
        page.refs.shop.textContent = answer.shop;
        page.refs.notices.replaceChildren(
            ...answer.notices.map((notice) =>
                make("p", notice, answer.ready ? "note warn" : "note bad"),
            ),
        );
        this.ready = answer.ready;
        this.pending = new Pending(window.localStorage, answer.user);
        this.purchase = new Purchase(window.sessionStorage, answer.user);
        this.sale.ask(answer.checks);
        this.day.show(answer.day);
    }

    /** Renew the list of operations; the page goes on without it. */
    async refresh() {
        // without an answer the list is renewed with the next operation
        const answer = await ask("open").catch(() => null);
        if (answer) {
            this.show(answer);
        }
    }

    shut(error) {
        const { page } = this;
        if (error instanceof SignedOut) {
            window.location.assign("/web/login?redirect=/merchant/till");
            return;
        }
        page.refs.closed.textContent = page.text(
            error instanceof NoAccess ? "no_access" : "unreachable",
        );
        page.view("closed");
    }

    showConnection() {
        this.page.refs.offline.hidden = navigator.onLine;
    }

    onReturn() {
        this.showConnection();
        if (!this.pending) {
            this.open();
        } else if (this.pending.current && !this.busy) {
            this.recover();
        }
    }

    /** The same purchase: what a coupon left is paid by a card, or lowered by another coupon. */
    goOn() {
        this.sale.goOn(this.purchase.current);
        this.page.view("sale", "operations");
        this.sale.identifier.focus();
        window.scrollTo(0, 0);
    }

    /** A new citizen. */
    next() {
        this.purchase.forget();
        this.sale.clear();
        this.page.view(...(this.ready ? ["sale", "operations"] : ["operations"]));
        if (this.ready) {
            this.sale.identifier.focus();
        }
    }

    async scan() {
        const code = await this.scanner.read();
        if (code) {
            this.sale.take(code);
        }
    }

    // ----------------------------------------------------------- charging

    usePossible(amount) {
        this.sale.use(amount);
        this.charge();
    }

    async charge() {
        if (this.busy) {
            return;
        }
        this.sale.forgive();
        const { sale, wrong, message } = this.sale.read();
        if (!sale) {
            this.sale.mark(wrong, message);
            this.sale.refuse({ message, wrong });
            return;
        }
        await this.perform("pay", sale, sale.amount, (reply) => this.sale.refuse(reply));
    }

    async reverse(last, reason) {
        const request = { origin_key: last.key, reason };
        await this.perform("reverse", request, last.amount, (reply) =>
            this.day.refuse(reply.message),
        );
    }

    /**
     * One operation: kept, asked for, told. Never twice at a time, never without a connection.
     *
     * @param {string} kind pay or reverse
     * @param {object} request without its key
     * @param {string} amount it is about
     * @param {Function} refuse shows a refusal
     */
    async perform(kind, request, amount, refuse) {
        if (this.busy || this.pending.current) {
            return;
        }
        if (!navigator.onLine) {
            refuse({ message: this.page.text("offline") });
            return;
        }
        const key = newKey();
        const { excluded, order } = request;
        this.pending.keep(kind, key, amount, { excluded, order });
        this.occupy(true);
        let reply = null;
        try {
            reply = await ask(kind, { key, ...request });
        } catch (error) {
            this.occupy(false);
            await this.unanswered(error);
            return;
        }
        this.occupy(false);
        this.pending.forget(key);
        if (reply.status === "captured") {
            this.done(reply, { key, amount, excluded, order });
        } else {
            refuse(reply);
        }
    }

    occupy(busy) {
        const { refs } = this.page;
        this.busy = busy;
        for (const element of [refs.form, refs.reverse_form]) {
            element.toggleAttribute("inert", busy);
        }
        refs.submit.classList.toggle("waiting", busy);
        document.body.setAttribute("aria-busy", String(busy));
    }

    done(reply, asked) {
        this.sale.clear();
        const { go_on, next } = this.page.refs;
        go_on.hidden = !this.purchase.follow(asked, reply.receipt);
        next.classList.toggle("primary", go_on.hidden);
        this.page.view("result", "operations");
        this.receipt.show(reply.receipt);
        this.day.show(reply.day);
    }

    // --------------------------------------------------------- lost answers

    async unanswered(error) {
        if (error instanceof SignedOut || error instanceof NoAccess) {
            this.shut(error);
            return;
        }
        await this.recover();
    }

    /** Ask what became of the operation that was left open, until the server tells. */
    async recover() {
        const known = this.pending.current;
        if (this.busy || !known) {
            return;
        }
        this.busy = true;
        clearTimeout(this.timer);
        const { page } = this;
        page.view("asking");
        page.refs.asking_message.textContent = page.text("lost", page.money(known.amount));
        page.refs.asking_title.focus();
        let reply = null;
        try {
            reply = await settle(known.key);
        } catch (error) {
            this.busy = false;
            if (error instanceof SignedOut || error instanceof NoAccess) {
                this.shut(error);
            } else {
                this.timer = setTimeout(() => this.recover(), RETRY);
            }
            return;
        }
        this.busy = false;
        this.pending.forget(known.key);
        this.told(known, reply);
    }

    told(known, reply) {
        if (reply.status === "captured") {
            this.done(reply, known);
            return;
        }
        const { page } = this;
        page.view(...(this.ready ? ["sale", "operations"] : ["operations"]));
        const words = known.kind === "pay" ? "not_charged" : "not_reversed";
        const message = reply.message || page.text(words, page.money(known.amount));
        if (known.kind === "pay") {
            this.restore(known);
        }
        this.sale.refuse({ message });
        this.refresh();
    }

    /** What a page loaded anew has forgotten: the amount, or the purchase that a coupon was taken off. */
    restore(known) {
        const purchase = this.purchase.current;
        if (!known.order || known.order !== purchase?.order) {
            this.sale.restore(known.amount);
        } else if (this.sale.order !== purchase.order) {
            this.sale.goOn(purchase);
        }
    }
}

/** Keep the page's files for the next opening; everything works without. */
function keepShell() {
    if ("serviceWorker" in navigator) {
        navigator.serviceWorker
            .register("/merchant/till/worker.js", { scope: "/merchant/till" })
            .catch(() => {});
    }
}

function start() {
    if (document.getElementById("till_texts")) {
        new WebTill().open();
        window.addEventListener("load", keepShell);
    }
}

if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
} else {
    start();
}
