import { show } from "./money";

/** The page's elements and words; the words are in the page, where Odoo translates them. */
export class Page {
    constructor() {
        this.language = document.documentElement.lang || "it-IT";
        this.currency = "EUR";
        this.refs = {};
        for (const element of document.querySelectorAll("[data-ref]")) {
            this.refs[element.dataset.ref] = element;
        }
        this.texts = {};
        const texts = document.getElementById("till_texts").content;
        for (const element of texts.querySelectorAll("[data-text]")) {
            this.texts[element.dataset.text] = element.textContent.trim().replace(/\s+/g, " ");
        }
        this.views = [...document.querySelectorAll("[data-view]")];
    }

    /**
     * @param {string} id of an input, without its prefix
     * @returns {HTMLElement} the input
     */
    field(id) {
        return document.getElementById(`till_${id}`);
    }

    /**
     * @param {string} name of a text
     * @param {string} [value] put in place of %s
     * @returns {string} the text in the page's language
     */
    text(name, value = "") {
        return this.texts[name].replace("%s", value);
    }

    /**
     * @param {string} wire e.g. "12.50"
     * @returns {string} e.g. "12,50 €"
     */
    money(wire) {
        return show(wire, this.language, this.currency);
    }

    /**
     * @param {string} instant ISO 8601
     * @param {object} [options] of Intl.DateTimeFormat
     * @returns {string} as people write it
     */
    moment(instant, options = { dateStyle: "short", timeStyle: "short" }) {
        return new Intl.DateTimeFormat(this.language, options).format(new Date(instant));
    }

    /**
     * Show one part of the page.
     *
     * @param {string[]} names of the views that are shown; the others are hidden
     */
    view(...names) {
        for (const view of this.views) {
            view.hidden = !names.includes(view.dataset.view);
        }
    }

    /**
     * Write a text into an element and show it, or hide it when there is none.
     *
     * @param {string} ref of the element
     * @param {string} [text] to show
     */
    put(ref, text) {
        this.refs[ref].textContent = text || "";
        this.refs[ref].hidden = !text;
    }
}

/**
 * An element with a text; never markup.
 *
 * @param {string} tag name
 * @param {string} [text] content
 * @param {string} [css] class
 * @returns {HTMLElement} the element
 */
export function make(tag, text = "", css = "") {
    const element = document.createElement(tag);
    element.textContent = text;
    if (css) {
        element.className = css;
    }
    return element;
}
