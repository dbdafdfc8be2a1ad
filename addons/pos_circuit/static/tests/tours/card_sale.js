import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import { inLeftSide } from "@point_of_sale/../tests/pos/tours/utils/common";
import { scan_barcode } from "@point_of_sale/../tests/generic_helpers/utils";
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("pos_circuit_card_sale", {
    steps: () =>
        [
            { content: "the till is open", trigger: ".product-screen" },
            ProductScreen.clickDisplayedProduct("Purchase amount"),
            ["3", "0"].map((digit) => ({
                content: `amount: ${digit}`,
                trigger: `.modal .numpad button[value="${digit}"]`,
                run: "click",
            })),
            {
                content: "add the amount",
                trigger: ".modal .btn-primary:contains(Add)",
                run: "click",
            },
            inLeftSide([{ content: "30.00 to pay", trigger: ".order-summary:contains(30.00)" }]),
            ProductScreen.clickPayButton(),
            PaymentScreen.clickPaymentMethod("Circuit card"),
            { content: "asks for the card", trigger: ".modal .circuit-identifier" },
            scan_barcode("RSSMRA85T10A562S"),
            { content: "scanned", trigger: ".circuit-identifier:value(RSSMRA85T10A562S)" },
            { content: "wrong PIN", trigger: ".circuit-secret", run: "edit 99999" },
            { content: "ask", trigger: ".circuit-confirm:enabled", run: "click" },
            { content: "refused in place", trigger: ".circuit-refusal:contains(PIN)" },
            { content: "right PIN", trigger: ".circuit-secret", run: "edit 24680" },
            { content: "ask again", trigger: ".circuit-confirm:enabled", run: "click" },
            { content: "residual shown", trigger: ".circuit-line-note:contains(26.25)" },
            PaymentScreen.remainingIs("15.0"),
            PaymentScreen.clickPaymentMethod("Cash / other"),
            PaymentScreen.clickValidate(),
            ReceiptScreen.isShown(),
            {
                content: "the merchant's name",
                trigger: ".pos-receipt .circuit-merchant-name:contains(Alimentari Rossi)",
            },
            { content: "not a tax document", trigger: ".pos-receipt .circuit-non-fiscal" },
            {
                content: "residual on the receipt",
                trigger: ".pos-receipt:contains(Residual credit COMMERCIO)",
            },
        ].flat(),
});
