const ONE_TIME = /^C[CW]1\./i;
const WALLET = /^CW1\./i;
const COUPON = /^EC[0-9A-Z -]*$/i;
const FISCAL_CODE = 16;
const SHORTEST = 4;

/**
 * Whether a text is the one-time code of the citizen's telephone, which needs no PIN.
 *
 * @param {string} text as scanned
 * @returns {boolean} true for a one-time code
 */
export function isOneTime(text) {
    return ONE_TIME.test(String(text ?? "").trim());
}

/**
 * Whether a text is a coupon's code. A fiscal code that begins like one is shorter, the number of a card has two
 * hyphens.
 *
 * @param {string} text as typed or scanned
 * @returns {boolean} true for a coupon
 */
export function isCoupon(text) {
    const code = String(text ?? "").trim();
    const long = code.replace(/[\s-]/g, "").length > FISCAL_CODE;
    return COUPON.test(code) && (long || code.split("-").length > 3);
}

/**
 * Whether whoever shows a text holds what it stands for: neither PIN nor documents are asked for.
 *
 * @param {string} text as typed or scanned
 * @returns {boolean} true for a coupon and for a wallet's code
 */
export function isBearer(text) {
    return isCoupon(text) || WALLET.test(String(text ?? "").trim());
}

/**
 * A code as scanners and people write it, in the form the server knows.
 *
 * @param {string} text may carry the asterisks of Code 39; a one-time code is passed on as it is
 * @returns {string} the code
 */
export function clean(text) {
    const code = String(text ?? "").trim();
    return isOneTime(code) ? code : code.replace(/[*\s]/g, "").toUpperCase();
}

/**
 * Whether a text can be asked for at all.
 *
 * @param {string} text cleaned code
 * @returns {boolean} false when it is too short
 */
export function isPlausible(text) {
    return text.length >= SHORTEST;
}

/**
 * Accepts a code of the camera once it was read twice in a row: a bar code seen at an angle is easily misread.
 *
 * @returns {function(string): string} takes what was read in a frame ("" for nothing), gives the code or ""
 */
export function twice() {
    let last = "";
    return (text) => {
        const code = clean(text);
        if (!code) {
            return "";
        }
        const same = code === last;
        last = code;
        return same && isPlausible(code) ? code : "";
    };
}
