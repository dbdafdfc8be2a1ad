// The server puts self.TILL in front: the page's address, the version of its files and the list of them.
const { page, version, shell } = self.TILL;
const CACHE = `circuit-web-till-${version}`;
const FILES = ["/web/assets/", "/circuit_web_till/static/", "/web/static/lib/zxing-library/"];

/** Fetch the page itself; a way to the login page is not the page. */
async function renew(cache) {
    const response = await fetch(page, {
        credentials: "same-origin",
        cache: "no-cache",
        redirect: "error",
    });
    if (response.ok) {
        await cache.put(page, response.clone());
    }
    return response;
}

async function install() {
    const cache = await caches.open(CACHE);
    await cache.addAll(shell);
    await renew(cache);
    await self.skipWaiting();
}

async function activate() {
    const names = await caches.keys();
    const old = names.filter((name) => name.startsWith("circuit-web-till-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
}

/** The page as it was kept, at once; it holds no data. */
async function showPage(request) {
    const cache = await caches.open(CACHE);
    return (await cache.match(page)) || fetch(request);
}

async function showFile(request) {
    const cache = await caches.open(CACHE);
    const kept = await cache.match(request);
    if (kept) {
        return kept;
    }
    const response = await fetch(request);
    if (response.ok) {
        await cache.put(request, response.clone());
    }
    return response;
}

self.addEventListener("install", (ev) => ev.waitUntil(install()));
self.addEventListener("activate", (ev) => ev.waitUntil(activate()));
self.addEventListener("fetch", (ev) => {
    const { request } = ev;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== "GET" || origin !== self.location.origin) {
        return;
    }
    if (request.mode === "navigate" && pathname === page) {
        ev.respondWith(showPage(request));
    } else if (FILES.some((folder) => pathname.startsWith(folder))) {
        ev.respondWith(showFile(request));
    }
});
