import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const EARTH_KM = 6371;

/**
 * Distance of two places on the globe.
 *
 * @param {{latitude: number, longitude: number}} a degrees
 * @param {{latitude: number, longitude: number}} b degrees
 * @returns {number} kilometres
 */
export function distance(a, b) {
    const rad = (degrees) => (degrees * Math.PI) / 180;
    const half =
        Math.sin(rad(b.latitude - a.latitude) / 2) ** 2 +
        Math.cos(rad(a.latitude)) *
            Math.cos(rad(b.latitude)) *
            Math.sin(rad(b.longitude - a.longitude) / 2) ** 2;
    return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(half)));
}

/** "Near me": sorts the shops in the browser; the position never leaves it. */
export class CircuitDirectory extends Interaction {
    static selector = ".o_circuit_directory";
    dynamicContent = {
        ".o_circuit_near": { "t-on-click": this.locate },
    };

    start() {
        const button = this.el.querySelector(".o_circuit_near");
        if (button && navigator.geolocation) {
            button.hidden = false;
        }
    }

    locate() {
        this.say("searching");
        navigator.geolocation.getCurrentPosition(
            ({ coords }) => {
                this.sort(coords);
                this.say("sorted");
            },
            () => this.say("denied"),
            { maximumAge: 60000, timeout: 10000 },
        );
    }

    /** Shows one of the texts of the page, which are in its language. */
    say(name) {
        const text = this.el.querySelector(`[data-text="${name}"]`).textContent.trim();
        this.el.querySelector(".o_circuit_near_status").textContent = text;
    }

    /** "250 m" or "1.2 km", as the page's language writes numbers. */
    write(km) {
        const language = document.documentElement.lang || undefined;
        return km < 1
            ? `${(Math.round(km * 100) * 10).toLocaleString(language)} m`
            : `${km.toLocaleString(language, { maximumFractionDigits: 1 })} km`;
    }

    /** Shops nearest first, in each category and the categories too; those without a place last. */
    sort(here) {
        const far = (node) => parseFloat(node.dataset.distance);
        for (const list of this.el.querySelectorAll(".o_circuit_shops")) {
            const shops = [...list.children];
            for (const shop of shops) {
                const { latitude, longitude } = shop.dataset;
                const known = latitude !== undefined;
                const km = known
                    ? distance(here, {
                          latitude: parseFloat(latitude),
                          longitude: parseFloat(longitude),
                      })
                    : Infinity;
                shop.dataset.distance = km;
                const label = shop.querySelector(".o_circuit_distance");
                if (known && label) {
                    label.textContent = this.write(km);
                }
            }
            list.append(...shops.sort((a, b) => far(a) - far(b)));
        }
        const sections = [...this.el.querySelectorAll("section")];
        const nearest = (section) => far(section.querySelector(".o_circuit_shops > li"));
        const anchor = sections.at(-1)?.nextElementSibling;
        for (const section of sections.sort((a, b) => nearest(a) - nearest(b))) {
            this.el.insertBefore(section, anchor);
        }
    }
}

registry.category("public.interactions").add("merchant_circuit.directory", CircuitDirectory);
