import { formatFloat } from "@web/views/fields/formatters";
import { parseFloat as parseLocalFloat } from "@web/views/fields/parsers";

/**
 * Amount as the till's server wants it: text with two decimals.
 *
 * @param {number} amount in the currency of the till
 * @returns {string} e.g. "18.00"
 */
export function toWire(amount) {
    return (Math.round((amount + Number.EPSILON) * 100) / 100).toFixed(2);
}

/**
 * Amount typed by a person, in their language.
 *
 * @param {string} text e.g. "12,50"
 * @returns {number|null} null when it is not an amount above zero
 */
export function parseAmount(text) {
    try {
        const amount = parseLocalFloat(String(text));
        return Number.isFinite(amount) && amount > 0 ? amount : null;
    } catch {
        return null;
    }
}

/**
 * Amount of the server as a person of this language types it.
 *
 * @param {string} text e.g. "12.50"
 * @returns {string} e.g. "12,50"
 */
export function fromWire(text) {
    return formatFloat(parseFloat(text), { digits: [16, 2] });
}

/**
 * Whether a code is a one-time code of the citizen's telephone: it proves the holder by itself.
 *
 * @param {string} code as typed or scanned
 * @returns {boolean}
 */
export function isOneTimeCode(code) {
    return /^C[CW]1\./.test(cleanCode(code));
}

/**
 * Whether a code is a coupon's: whoever shows it holds it. A fiscal code that begins like one is shorter, and the
 * number of a card has two hyphens.
 *
 * @param {string} code as typed or scanned
 * @returns {boolean}
 */
export function isCoupon(code) {
    const text = cleanCode(code);
    return (
        /^EC[0-9A-Z-]*$/.test(text) &&
        (text.replaceAll("-", "").length > 16 || text.split("-").length > 3)
    );
}

/**
 * Code as scanners and people write it, in the form the server knows.
 *
 * @param {string} code may carry the asterisks of Code 39
 * @returns {string} upper case, without blanks
 */
export function cleanCode(code) {
    return String(code || "")
        .replace(/[*\s]/g, "")
        .toUpperCase();
}
