/**
 * Firefox, for Python: Playwright cannot drive the distribution's, puppeteer-core can (WebDriver BiDi).
 *
 * Reads from standard input a JSON list of visits
 *   {address, width, mobile, login, shows, steps, read, screenshot}
 * - width: of the window, in CSS pixels
 * - mobile: a touch screen of two device pixels per CSS pixel that calls itself Firefox for Android
 * - login: user whose password is the login, who logs in once in a profile of its own; else a visitor
 * - shows: selector of what has to become visible
 * - steps: what is then done on the page, each {click: selector} or {fill: selector, with: text}; a click
 *   that says {opens: true} leads to another page
 * - read: selector of the elements whose text is told
 * - screenshot: file to write when something fails or scrolls sideways
 * and prints one JSON line for each visit
 *   {address, status, title, headings, scrollWidth, innerWidth, texts, errors}
 * - address: where it ended
 * - errors: uncaught ones, those of the console, what the page needs and does not get, what cannot be done
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

    /** What the page that is left was still fetching fails, and is no error of either page. */
    async leave(how) {
        const before = this.errors.length;
        await how();
        await this.page.waitForFunction(settled);
        this.errors = this.errors.filter(
            (line, at) => at < before || !/NetworkError when attempting to fetch/.test(line),
        );
    }

    async go(address) {
        this.errors = [];
        this.wanted = null;
        await this.leave(() => this.page.goto(address, { waitUntil: "load" }));
        this.wanted = address;
    }

    async step({ click, fill, with: text, opens }) {
        if (fill) {
            await this.page.locator(fill).fill(text);
        } else if (opens) {
            // a page that listens for news is never idle
            await this.page.waitForNetworkIdle({ idleTime: 100, timeout: 3000 }).catch(() => {});
            await this.leave(() =>
                Promise.all([
                    this.page.waitForNavigation({ waitUntil: "load" }),
                    this.page.locator(click).click(),
                ]),
            );
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

/** Opens the page, unless only the width is another one, and does what is asked. */
async function act(tab, { address, shows, steps = [] }) {
    if (tab.wanted !== address) {
        await tab.go(address);
    }
    if (shows) {
        await tab.page.waitForSelector(shows, { visible: true });
    }
    for (const step of steps) {
        tab.wanted = null;
        await tab.step(step);
    }
}

/** @returns {object} what a visit shows */
async function visit(tabs, { width, read, screenshot, ...what }) {
    const tab = await tabs.of(what);
    try {
        await tab.page.bringToFront(); // a tab behind another one is slowed down
        await tab.size(width);
        await act(tab, what);
    } catch (error) {
        tab.wanted = null;
        tab.errors.push(`visit: ${error.message}`);
    }
    const seen = await tab.page.evaluate(judge, read ?? "");
    if (screenshot && (tab.errors.length || seen.scrollWidth > width)) {
        await tab.page.screenshot({ path: screenshot });
    }
    const { page, status, errors } = tab;
    return { address: page.url(), status, title: await page.title(), ...seen, errors };
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
        process.stdout.write(`${JSON.stringify(await visit(tabs, one))}\n`);
    }
} finally {
    await browser.close();
}
