import { cents } from "./money";

const NAME = "circuit_web_till.purchase";

/**
 * A purchase that a coupon was taken off and that may go on with a card: the same amount under the same name. Kept
 * until it is over, also when the page is loaded anew; never a code, a PIN or a name.
 */
export class Purchase {
    /**
     * @param {Storage} storage where it outlives the page
     * @param {string} user whose purchase it is: several people may use one telephone
     */
    constructor(storage, user) {
        this.storage = storage;
        this.name = `${NAME}.${user}`;
    }

    /**
     * After an operation: there is something to go on with when a coupon left something to pay.
     *
     * @param {{key: string, amount: string, excluded: string, order: string}} asked what was asked for
     * @param {object} receipt of the server
     * @returns {boolean} whether the purchase may go on
     */
    follow(asked, receipt) {
        const coupon = receipt.kind === "payment" && receipt.vat_treatment;
        if (!coupon || !(cents(receipt.collect) > 0)) {
            this.forget();
            return false;
        }
        const { key, amount, excluded = null, order } = asked;
        const known = { order: order || key, amount, excluded, left: receipt.collect };
        this.storage.setItem(this.name, JSON.stringify(known));
        return true;
    }

    /** @returns {{order: string, amount: string, excluded: string, left: string}|null} what may go on */
    get current() {
        try {
            const known = JSON.parse(this.storage.getItem(this.name));
            return known && typeof known.order === "string" ? known : null;
        } catch {
            return null;
        }
    }

    /** The purchase is over. */
    forget() {
        this.storage.removeItem(this.name);
    }
}
