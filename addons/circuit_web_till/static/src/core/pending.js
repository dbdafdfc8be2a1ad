const NAME = "circuit_web_till.pending";

/**
 * The one operation whose answer the till does not know yet. Kept until the server has told; never a PIN, a fiscal
 * code or a name.
 */
export class Pending {
    /**
     * @param {Storage} storage where it outlives the tab
     * @param {string} user whose operation it is: several people may use one telephone
     */
    constructor(storage, user) {
        this.storage = storage;
        this.name = `${NAME}.${user}`;
    }

    /**
     * Keep an operation before it is asked for.
     *
     * @param {string} kind pay or reverse
     * @param {string} key of the operation
     * @param {string} amount whole purchase, e.g. "12.50"
     * @param {object} [purchase] order it belongs to and excluded part, to go on with it
     */
    keep(kind, key, amount, purchase = {}) {
        this.storage.setItem(this.name, JSON.stringify({ kind, key, amount, ...purchase }));
    }

    /** @returns {{kind: string, key: string, amount: string}|null} what is not known yet */
    get current() {
        try {
            const known = JSON.parse(this.storage.getItem(this.name));
            return known && typeof known.key === "string" ? known : null;
        } catch {
            return null;
        }
    }

    /**
     * The server has told: nothing is open any more.
     *
     * @param {string} key of the operation; another one stays
     */
    forget(key) {
        if (this.current?.key === key) {
            this.storage.removeItem(this.name);
        }
    }
}

/**
 * A new key of an operation.
 *
 * @returns {string} UUID
 */
export function newKey() {
    if (crypto.randomUUID) {
        return crypto.randomUUID();
    }
    // browsers offer randomUUID over https only; a test installation may have none
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
