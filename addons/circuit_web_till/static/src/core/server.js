const PATIENCE = 20_000;
const SIGNED_OUT = 100;
const NOT_FOUND = 404;

/** No answer, or none that can be understood: nobody knows what the server did. */
export class Lost extends Error {}

/** The login is over: nothing was done. */
export class SignedOut extends Error {}

/** The login charges cards for no shop. */
export class NoAccess extends Error {}

/**
 * One question to the till's server; it is never queued and never repeated by itself.
 *
 * @param {string} question open, pay, status, void or reverse
 * @param {object} params of the question
 * @returns {Promise<object>} the answer; refusals are answers
 */
export async function ask(question, params = {}) {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), PATIENCE);
    let answer = null;
    try {
        const response = await fetch(`/merchant/till/${question}`, {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ jsonrpc: "2.0", method: "call", params }),
            credentials: "same-origin",
            cache: "no-store",
            signal: aborter.signal,
        });
        answer = await response.json();
    } catch {
        throw new Lost(question);
    } finally {
        clearTimeout(timer);
    }
    if (answer?.error?.code === SIGNED_OUT) {
        throw new SignedOut(question);
    }
    if (answer?.error?.code === NOT_FOUND) {
        throw new NoAccess(question);
    }
    if (!answer?.result) {
        throw new Lost(question);
    }
    return answer.result;
}

/**
 * What became of an operation, for good: captured, or given up so that it cannot be debited later.
 *
 * @param {string} key of the operation
 * @returns {Promise<object>} the answer of the server
 */
export async function settle(key) {
    const known = await ask("status", { key });
    return known.status === "captured" ? known : ask("void", { key });
}
