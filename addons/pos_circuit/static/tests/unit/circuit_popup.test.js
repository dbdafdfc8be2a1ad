import { expect, test } from "@odoo/hoot";
import { animationFrame, click, edit, press, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { MainComponentsContainer } from "@web/core/main_components_container";
import { setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import { CircuitPopup } from "@pos_circuit/app/popup/circuit_popup";
import {
    cleanCode,
    fromWire,
    isCoupon,
    isOneTimeCode,
    parseAmount,
    toWire,
} from "@pos_circuit/app/money";

definePosModels();

async function openPopup(answer, checks = ["pin"]) {
    const store = await setupPosEnv();
    await mountWithCleanup(MainComponentsContainer);
    const calls = { asked: [], payload: undefined };
    store.dialog.add(CircuitPopup, {
        title: "Circuit card",
        total: "30.00",
        checks,
        money: (amount) => `€ ${amount}`,
        submit: (entry) => {
            calls.asked.push(entry);
            return Promise.resolve(answer(calls.asked.length));
        },
        getPayload: (payload) => (calls.payload = payload),
    });
    await animationFrame();
    await animationFrame();
    return calls;
}

async function typeCard() {
    await click(".circuit-identifier");
    await edit("rssmra85t10a562s");
    await press("Enter");
    await animationFrame();
}

test("the request is sent with a card and a PIN only", async () => {
    const calls = await openPopup(() => ({ status: "authorized", amount: "15.00" }));
    expect(queryOne(".circuit-confirm").disabled).toBe(true);
    await typeCard();
    expect(document.activeElement).toBe(queryOne(".circuit-secret"));
    expect(queryOne(".circuit-confirm").disabled).toBe(true);
    await edit("12345");
    await animationFrame();
    await press("Enter");
    await animationFrame();
    expect(calls.asked).toEqual([
        {
            identifier: "RSSMRA85T10A562S",
            secret: "12345",
            documents: { health_card: false, identity: false },
            requested: null,
        },
    ]);
    expect(calls.payload).toEqual({ reply: { status: "authorized", amount: "15.00" } });
});

test("a refusal is shown in place and the PIN is typed again", async () => {
    const calls = await openPopup((time) =>
        time === 1
            ? { status: "refused", code: "UNKNOWN_OR_PIN", message: "Unknown card or wrong PIN." }
            : { status: "authorized" },
    );
    await typeCard();
    await edit("11111");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    await animationFrame();
    expect(".circuit-refusal").toHaveText("Unknown card or wrong PIN.");
    expect(".circuit-secret").toHaveValue("");
    expect(".circuit-identifier").toHaveValue("RSSMRA85T10A562S");
    expect(calls.payload).toBe(undefined);
});

test("the keypad types the PIN", async () => {
    await openPopup(() => ({ status: "authorized" }));
    for (const key of ["1", "2", "3", "back", "9"]) {
        await click(`.circuit-keypad [data-key="${key}"]`);
    }
    await animationFrame();
    expect(".circuit-secret").toHaveValue("129");
    await click('.circuit-keypad [data-key="clear"]');
    await animationFrame();
    expect(".circuit-secret").toHaveValue("");
});

test("the citizen may use a smaller amount", async () => {
    const calls = await openPopup(() => ({ status: "authorized" }));
    await typeCard();
    await edit("12345");
    await click(".circuit-less");
    await animationFrame();
    await click(".circuit-amount");
    await edit("5.5");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    expect(calls.asked[0].requested).toBe("5.50");
});

test("a lost connection leaves the popup", async () => {
    const lost = new Error("lost");
    const calls = await openPopup(() => {
        throw lost;
    });
    await typeCard();
    await edit("12345");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    expect(calls.payload).toEqual({ error: lost });
});

test("without PIN the two documents are confirmed", async () => {
    const calls = await openPopup(
        (time) =>
            time === 1
                ? { status: "refused", code: "DOCUMENTS", message: "Look at both." }
                : { status: "authorized" },
        ["documents"],
    );
    expect(".circuit-secret").toHaveCount(0);
    expect(".circuit-keypad").toHaveCount(0);
    await typeCard();
    expect(document.activeElement).toBe(queryOne(".circuit-health-card"));
    await click(".circuit-confirm");
    await animationFrame();
    await animationFrame();
    expect(".circuit-refusal").toHaveText("Look at both.");
    await click(".circuit-health-card");
    await click(".circuit-identity");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    expect(calls.asked.map((entry) => entry.documents)).toEqual([
        { health_card: false, identity: false },
        { health_card: true, identity: true },
    ]);
    expect(calls.asked[1].secret).toBe("");
    expect(calls.payload).toEqual({ reply: { status: "authorized" } });
});

test("another code forgets whose documents were seen", async () => {
    await openPopup(() => ({ status: "authorized" }), ["documents"]);
    await typeCard();
    await click(".circuit-health-card");
    await click(".circuit-identity");
    await animationFrame();
    expect(".circuit-identity").toBeChecked();
    await click(".circuit-identifier");
    await edit("frrgli79h61z999z");
    await animationFrame();
    expect(".circuit-health-card").not.toBeChecked();
    expect(".circuit-identity").not.toBeChecked();
});

test("where both kinds of card are taken, either proof is enough to ask", async () => {
    const calls = await openPopup(() => ({ status: "authorized" }), ["documents", "pin"]);
    expect(".circuit-secret").toHaveCount(1);
    expect(".circuit-documents input").toHaveCount(2);
    await typeCard();
    expect(queryOne(".circuit-confirm").disabled).toBe(true);
    await click(".circuit-health-card");
    await click(".circuit-identity");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    expect(calls.asked).toHaveLength(1);
});

test("what the server misses is asked for, and the PIN stays", async () => {
    await openPopup(() => ({ status: "refused", code: "DOCUMENTS", message: "Look at both." }));
    expect(".circuit-documents").toHaveCount(0);
    await typeCard();
    await edit("12345");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    await animationFrame();
    expect(".circuit-documents").toHaveCount(1);
    expect(".circuit-secret").toHaveValue("12345");
});

test("a refusal tells what is left and offers what is possible", async () => {
    const calls = await openPopup((time) =>
        time === 1
            ? {
                  status: "refused",
                  code: "OWN_SHARE",
                  message: "At most 15.00.",
                  limit: "15.00",
                  possible: "12.40",
                  account: "COMMERCIO",
                  left: "12.40",
                  clause: "Notice §4",
              }
            : { status: "authorized" },
    );
    await typeCard();
    await edit("12345");
    await click(".circuit-less");
    await animationFrame();
    await click(".circuit-amount");
    await edit("20");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    await animationFrame();
    expect(queryAllTexts(".circuit-facts li")).toEqual(["COMMERCIO: € 12.40 left", "Notice §4"]);
    expect(".circuit-possible").toHaveText("Use € 12.40");
    expect(document.activeElement).toBe(queryOne(".circuit-possible"));
    await click(".circuit-possible");
    await animationFrame();
    expect(calls.asked[1]).toEqual({ ...calls.asked[0], requested: "12.40" });
    expect(calls.payload).toEqual({ reply: { status: "authorized" } });
});

test("a PIN that was kept for another try is forgotten with its card", async () => {
    await openPopup(() => ({
        status: "refused",
        code: "OWN_SHARE",
        message: "At most 15.00.",
        possible: "15.00",
    }));
    await typeCard();
    await edit("12345");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    await animationFrame();
    expect(".circuit-secret").toHaveValue("12345");
    await click(".circuit-identifier");
    await edit("frrgli79h61z999z");
    await animationFrame();
    expect(".circuit-secret").toHaveValue("");
    expect(".circuit-possible").toHaveCount(0);
});

test("nothing is offered where nothing is possible", async () => {
    await openPopup(() => ({
        status: "refused",
        code: "MIN_SPEND",
        message: "Below the minimum.",
        possible: "0.00",
    }));
    await typeCard();
    await edit("12345");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    await animationFrame();
    expect(".circuit-possible").toHaveCount(0);
    expect(".circuit-facts").toHaveCount(0);
    expect(".circuit-secret").toHaveValue("");
});

test("a one-time code needs no PIN", async () => {
    const code = "CC1.ABCDEFGHIJKLMNOPQRSTUVWXYZ234567ABCDEFGHIJKLMNOPQRST";
    const calls = await openPopup(() => ({ status: "authorized" }), ["documents", "pin"]);
    await click(".circuit-identifier");
    await edit(code);
    await animationFrame();
    expect(".circuit-secret").toHaveCount(0);
    expect(".circuit-keypad").toHaveCount(0);
    expect(".circuit-documents").toHaveCount(0);
    expect(".circuit-one-time").toHaveCount(1);
    await press("Enter");
    await animationFrame();
    expect(document.activeElement).toBe(queryOne(".circuit-confirm"));
    await click(".circuit-confirm");
    await animationFrame();
    expect(calls.asked[0].identifier).toBe(code);
    expect(calls.asked[0].secret).toBe("");
});

test("a coupon needs nothing but its code, and has its own amount", async () => {
    const calls = await openPopup(
        (time) =>
            time === 1
                ? { status: "refused", code: "COUPON_SPENT", message: "Already spent." }
                : { status: "authorized" },
        ["documents", "pin"],
    );
    await click(".circuit-identifier");
    await edit("ec-0123-4567-89ab-cdef");
    await animationFrame();
    expect(".circuit-coupon").toHaveCount(1);
    expect(".circuit-secret, .circuit-keypad, .circuit-documents, .circuit-less").toHaveCount(0);
    await press("Enter");
    await animationFrame();
    expect(document.activeElement).toBe(queryOne(".circuit-confirm"));
    await click(".circuit-confirm");
    await animationFrame();
    await animationFrame();
    expect(".circuit-refusal").toHaveText("Already spent.");
    expect(document.activeElement).toBe(queryOne(".circuit-identifier"));
    await edit("EC0123456789ABCDEF");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    expect(calls.asked.map((entry) => [entry.identifier, entry.secret, entry.requested])).toEqual([
        ["EC-0123-4567-89AB-CDEF", "", null],
        ["EC0123456789ABCDEF", "", null],
    ]);
    expect(calls.payload).toEqual({ reply: { status: "authorized" } });
});

test("an expired one-time code is scanned again", async () => {
    await openPopup(() => ({ status: "refused", code: "CODE_EXPIRED", message: "Too old." }));
    await click(".circuit-identifier");
    await edit("CC1.ABCDEF");
    await animationFrame();
    await click(".circuit-confirm");
    await animationFrame();
    await animationFrame();
    expect(document.activeElement).toBe(queryOne(".circuit-identifier"));
    expect(".circuit-secret").toHaveCount(0);
});

test("amounts and codes on the wire", () => {
    expect(fromWire("12.5")).toBe("12.50");
    expect(isOneTimeCode("*cc1.abc*")).toBe(true);
    expect(isOneTimeCode("CW1.ABC")).toBe(true);
    expect(isOneTimeCode("FC-2024-000001")).toBe(false);
    expect(isCoupon("ec-0123-4567-89ab-cdef")).toBe(true);
    expect(isCoupon("EC0123456789ABCDEF")).toBe(true);
    expect(isCoupon("ECORSS85T10A562S")).toBe(false);
    expect(isCoupon("EC-2024-000123")).toBe(false);
    expect(toWire(18)).toBe("18.00");
    expect(toWire(0.1 + 0.2)).toBe("0.30");
    expect(toWire(1.005)).toBe("1.01");
    expect(parseAmount("12.50")).toBe(12.5);
    expect(parseAmount("-1")).toBe(null);
    expect(parseAmount("abc")).toBe(null);
    expect(cleanCode("*rssmra85t10a562s* ")).toBe("RSSMRA85T10A562S");
});
