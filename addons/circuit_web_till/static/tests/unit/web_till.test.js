import { describe, expect, test } from "@odoo/hoot";
import {
    clean,
    isBearer,
    isCoupon,
    isOneTime,
    isPlausible,
    twice,
} from "@circuit_web_till/core/codes";
import { cents, nothing, show, toField, toWire } from "@circuit_web_till/core/money";
import { Pending } from "@circuit_web_till/core/pending";
import { Purchase } from "@circuit_web_till/core/purchase";

/** Just enough of the browser's storage. */
class Shelf {
    constructor() {
        this.items = {};
    }
    getItem(name) {
        return this.items[name] ?? null;
    }
    setItem(name, value) {
        this.items[name] = value;
    }
    removeItem(name) {
        delete this.items[name];
    }
}

describe("money", () => {
    test("amounts are taken as people type them", () => {
        for (const [typed, wire] of [
            ["12,50", "12.50"],
            ["12.5", "12.50"],
            ["12", "12.00"],
            [" 0,05 € ", "0.05"],
            ["007", "7.00"],
            ["1234567,89", "1234567.89"],
        ]) {
            expect(toWire(typed)).toBe(wire, { message: typed });
        }
    });

    test("anything else is no amount", () => {
        for (const typed of [
            "",
            "0",
            "0,00",
            "-5",
            "1.234,50",
            "1e3",
            "12,505",
            "abc",
            "12345678",
            null,
            "٣",
        ]) {
            expect(toWire(typed)).toBe(null, { message: String(typed) });
        }
    });

    test("amounts are compared and shown without arithmetic on fractions", () => {
        expect(cents("0.07")).toBe(7);
        expect(cents("1234.10")).toBe(123410);
        expect(show("12.50", "it-IT", "EUR")).toBe("12,50\u00a0€");
        expect(toField("12.50", "it-IT")).toBe("12,50");
        expect(toField("12.50", "en-US")).toBe("12.50");
        expect(nothing("it-IT")).toBe("0,00");
    });
});

describe("codes", () => {
    test("scanned and typed codes become what the server knows", () => {
        expect(clean("*rssmra85t10a562s*\r")).toBe("RSSMRA85T10A562S");
        expect(clean(" fc-2026-000123 ")).toBe("FC-2026-000123");
        expect(clean(null)).toBe("");
        expect(isPlausible(clean("abc"))).toBe(false);
    });

    test("a one-time code is passed on as it is", () => {
        expect(isOneTime(" CC1.ABC ")).toBe(true);
        expect(isOneTime("RSSMRA85T10A562S")).toBe(false);
        expect(clean(" CC1.aBc*d ")).toBe("CC1.aBc*d");
    });

    test("the camera has to read a code twice in a row", () => {
        const take = twice();
        expect(take("RSSMRA85T10A562S")).toBe("");
        expect(take("RSSMRA85T10A5625")).toBe("");
        expect(take("")).toBe("");
        expect(take("RSSMRA85T10A5625")).toBe("RSSMRA85T10A5625");
        expect(take("*A*")).toBe("");
        expect(take("*A*")).toBe("");
    });
});

describe("what is not known yet", () => {
    test("is kept for its user until the server has told", () => {
        const shelf = new Shelf();
        const mine = new Pending(shelf, "res.users,7");
        const other = new Pending(shelf, "res.users,8");
        mine.keep("pay", "key-1", "20.00");

        expect(mine.current).toEqual({ kind: "pay", key: "key-1", amount: "20.00" });
        expect(other.current).toBe(null);
        mine.forget("key-2");
        expect(mine.current.key).toBe("key-1");
        mine.forget("key-1");
        expect(mine.current).toBe(null);
    });

    test("rubbish in the storage is nothing", () => {
        const shelf = new Shelf();
        const pending = new Pending(shelf, "u");
        for (const rubbish of ["{", "null", "5", '{"key": 5}', "[]"]) {
            shelf.setItem(pending.name, rubbish);
            expect(pending.current).toBe(null, { message: rubbish });
        }
    });
});

describe("coupons", () => {
    test("a coupon is told from a fiscal code and from a card", () => {
        expect(isCoupon("ec-0123-4567-89ab-cdef")).toBe(true);
        expect(isCoupon("EC0123456789ABCDEF")).toBe(true);
        expect(isCoupon("ECORSS85T10A562S")).toBe(false);
        expect(isCoupon("EC-2024-000123")).toBe(false);
        expect(isBearer("CW1.ABC")).toBe(true);
        expect(isBearer("CC1.ABC")).toBe(false);
    });

    test("a purchase goes on while a coupon leaves something to pay", () => {
        const shelf = new Shelf();
        const purchase = new Purchase(shelf, "a");
        const asked = { key: "k1", amount: "40.00", excluded: "3.00", order: null };
        const receipt = { kind: "payment", vat_treatment: "payment", collect: "35.00" };
        expect(purchase.follow(asked, receipt)).toBe(true);
        expect(purchase.current).toEqual({
            order: "k1",
            amount: "40.00",
            excluded: "3.00",
            left: "35.00",
        });
        expect(new Purchase(shelf, "b").current).toBe(null);
        expect(purchase.follow({ ...asked, key: "k2", order: "k1" }, receipt)).toBe(true);
        expect(purchase.current.order).toBe("k1");
        expect(purchase.follow(asked, { ...receipt, collect: "0.00" })).toBe(false);
        expect(purchase.current).toBe(null);
        purchase.follow(asked, receipt);
        expect(purchase.follow(asked, { ...receipt, vat_treatment: "" })).toBe(false);
        expect(purchase.current).toBe(null);
    });
});
