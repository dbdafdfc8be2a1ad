import { onMounted } from "@odoo/owl";

/**
 * Give the dialog around a component its title as name: core leaves it without one, and whoever listens to the
 * screen would hear "dialog" only.
 *
 * @param {object} bodyRef ref of an element inside the dialog
 * @param {function(): string} title
 */
export function useDialogName(bodyRef, title) {
    onMounted(() => bodyRef.el?.closest("[role=dialog]")?.setAttribute("aria-label", title()));
}
