const TYPED = /^(\d{1,7})(?:[.,](\d{1,2}))?$/;

/**
 * Amount typed by a person, as the server wants it; no number is ever computed with.
 *
 * @param {string} text e.g. "12,5"
 * @returns {string|null} e.g. "12.50"; null when it is not an amount above zero
 */
export function toWire(text) {
    const parts = TYPED.exec(String(text ?? "").replace(/[\s€]/g, ""));
    if (!parts) {
        return null;
    }
    const wire = `${parts[1].replace(/^0+(?=\d)/, "")}.${(parts[2] || "").padEnd(2, "0")}`;
    return cents(wire) > 0 ? wire : null;
}

/**
 * An amount of the server in whole cents.
 *
 * @param {string} wire e.g. "12.50"
 * @returns {number} e.g. 1250
 */
export function cents(wire) {
    const [whole, decimals = ""] = String(wire).split(".");
    return parseInt(whole, 10) * 100 + parseInt(decimals.padEnd(2, "0").slice(0, 2), 10);
}

/**
 * An amount of the server as people write it.
 *
 * @param {string} wire e.g. "12.50"
 * @param {string} language e.g. "it-IT"
 * @param {string} currency e.g. "EUR"
 * @returns {string} e.g. "12,50 €"
 */
export function show(wire, language, currency) {
    return new Intl.NumberFormat(language, { style: "currency", currency }).format(wire);
}

/**
 * What an empty amount looks like.
 *
 * @param {string} language e.g. "it-IT"
 * @returns {string} e.g. "0,00"
 */
export function nothing(language) {
    return new Intl.NumberFormat(language, { minimumFractionDigits: 2 }).format(0);
}

/**
 * An amount of the server for an input field.
 *
 * @param {string} wire e.g. "12.50"
 * @param {string} language e.g. "it-IT"
 * @returns {string} e.g. "12,50"
 */
export function toField(wire, language) {
    const comma = new Intl.NumberFormat(language).format(1.5).includes(",");
    return comma ? wire.replace(".", ",") : wire;
}
