/**
 * Firefox, for Python: Playwright cannot drive the distribution's, puppeteer-core can (WebDriver BiDi).
 *
 * Reads from standard input a JSON list of visits
 *   {address, width, mobile, login, steps, screenshot}
 * - width: of the window, in CSS pixels
 * - mobile: a touch screen of two device pixels per CSS pixel that calls itself Firefox for Android
 * - login: user whose password is the login, who then logs in once in a profile of its own; else a visitor
 * - steps: what is done on the page, each {click: selector} or {fill: selector, with: text}; a click waits for a new page
 *   when it says {opens: true}
 * - screenshot: file to write
 * and prints one JSON line for each visit
 *   {address, status, title, headings, scrollWidth, innerWidth, texts, errors}
 * - address: where it ended
 * - texts: of the visible elements that `read`, a selector, names
 * - errors: uncaught ones, those of the console, and what the page needs and does not get
 *
 * The environment variable CIVIC_FIREFOX names the browser.
 */
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const MS = 20_000;
const HEIGHT = 800;
const ANDROID = "Mozilla/5.0 (Android 15; Mobile; rv:153.0) Gecko/153.0 Firefox/153.0";

/** @returns {boolean} in the page: everything is loaded, also the scripts that Odoo loads last */
function settled() {
    const loader = window.odoo?.loader;
    const lazy = "@web/legacy/js/public/public_root_instance";
    return (
        document.readyState === "complete" &&
        !document.querySelector("script[data-src]") &&
        (!document.querySelector("#wrapwrap") || !loader || loader.modules.has(lazy))
    );
}

/** @returns {object} in the page: what the test judges */
function judge(read) {
    const texts = read
        ? [...document.querySelectorAll(read)].map((one) => one.innerText.trim())
        : [];
    return {
        headings: [...document.querySelectorAll("h1")].map((one) => one.textContent.trim()),
        scrollWidth: document.documentElement.scrollWidth,
        innerWidth: window.innerWidth,
        texts,
    };
}

/** A window of one login on one kind of screen. */
class Tab {
    constructor(page, mobile) {
        Object.assign(this, { page, mobile, status: 0, errors: [], wanted: null });
        page.setDefaultTimeout(MS);
        page.on("pageerror", (error) => this.errors.push(`error: ${error.message}`));
        page.on(
            "console",
            (line) => line.type() === "error" && this.errors.push(`console: ${line.text()}`),
        );
        page.on("response", (reply) => this.note(reply));
    }

    note(reply) {
        const request = reply.request();
        if (request.isNavigationRequest()) {
            this.status = reply.status();
        } else if (reply.status() >= 400) {
            this.errors.push(`${reply.status()}: ${reply.url()}`);
        }
    }

    size(width) {
        const touch = this.mobile ? { hasTouch: true, deviceScaleFactor: 2 } : {};
        return this.page.setViewport({ width, height: HEIGHT, ...touch });
    }

    async go(address) {
        this.errors = [];
        await this.page.goto(address, { waitUntil: "load" });
        await this.page.waitForFunction(settled);
        this.wanted = address;
    }

    async step({ click, fill, with: text, opens }) {
        if (fill) {
            await this.page.locator(fill).fill(text);
        } else if (opens) {
            await Promise.all([
                this.page.waitForNavigation({ waitUntil: "load" }),
                this.page.locator(click).click(),
            ]);
            await this.page.waitForFunction(settled);
        } else {
            await this.page.locator(click).click();
        }
    }

    async logIn(origin, login) {
        await this.go(`${origin}/web/login`);
        await this.step({ fill: "input[name=login]", with: login });
        await this.step({ fill: "input[name=password]", with: login });
        await this.step({ click: "form.oe_login_form button[type=submit]", opens: true });
    }
}

/** The tabs, opened when they are needed. */
class Tabs {
    constructor(browser) {
        Object.assign(this, { browser, contexts: new Map(), tabs: new Map() });
    }

    async of({ address, login = "", mobile = false }) {
        const key = `${login} ${mobile}`;
        if (!this.tabs.has(key)) {
            const context = await this.context(address, login);
            const tab = new Tab(await context.newPage(), mobile);
            if (mobile) {
                await tab.page.setUserAgent({ userAgent: ANDROID });
            }
            this.tabs.set(key, tab);
        }
        return this.tabs.get(key);
    }

    async context(address, login) {
        if (!this.contexts.has(login)) {
            const context = await this.browser.createBrowserContext();
            this.contexts.set(login, context);
            if (login) {
                const tab = new Tab(await context.newPage(), false);
                await tab.logIn(new URL(address).origin, login);
                await tab.page.close();
            }
        }
        return this.contexts.get(login);
    }
}

/** @returns {object} what a visit shows */
async function visit(tabs, { address, width, steps = [], read, screenshot, ...who }) {
    const tab = await tabs.of({ address, ...who });
    await tab.size(width);
    if (tab.wanted !== address) {
        await tab.go(address);
    }
    for (const step of steps) {
        await tab.step(step);
        tab.wanted = null;
    }
    const seen = await tab.page.evaluate(judge, read ?? "");
    if (screenshot) {
        await tab.page.screenshot({ path: screenshot });
    }
    return {
        address: tab.page.url(),
        status: tab.status,
        title: await tab.page.title(),
        ...seen,
        errors: tab.errors,
    };
}

const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: process.env.CIVIC_FIREFOX,
    headless: true,
    // scroll bars that take no room, as on a telephone
    extraPrefsFirefox: { "intl.accept_languages": "it, en", "ui.useOverlayScrollbars": 1 },
});
try {
    const tabs = new Tabs(browser);
    for (const one of JSON.parse(readFileSync(0, "utf-8"))) {
        let seen;
        try {
            seen = await visit(tabs, one);
        } catch (error) {
            seen = { address: one.address, status: 0, errors: [`visit: ${error.message}`] };
        }
        process.stdout.write(`${JSON.stringify(seen)}\n`);
    }
} finally {
    await browser.close();
}
