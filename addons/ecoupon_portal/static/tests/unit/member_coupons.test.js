import { describe, expect, test } from "@odoo/hoot";
import { advanceTime } from "@odoo/hoot-mock";
import { startInteraction } from "@web/../tests/public/helpers";
import { ALONE_MS, MemberCoupons, TOLD_MS } from "@ecoupon_portal/js/member_coupons";

describe.current.tags("desktop");

const PAGE = `
    <p class="o_member_coupons_status"></p>
    <div class="o_member_coupons" data-query="period=day" data-digest="a">
        <details><summary>The same as a table</summary>1</details>
        <details><summary>Another</summary>2</details>
    </div>`;

/** The open page with a bus in a state; what it asks for is counted, not sent. */
async function open(workerState) {
    const { core } = await startInteraction(MemberCoupons, PAGE);
    const [{ interaction }] = core.interactions;
    // what the page's own bus tells of its start is not what is tried here
    interaction.bus?.removeEventListener("BUS:WORKER_STATE_UPDATED", interaction.heard);
    interaction.bus = {
        workerState,
        unsubscribe() {},
        removeEventListener() {},
    };
    interaction.refresh = () => {
        expect.step("asked");
        interaction.schedule();
    };
    interaction.schedule();
    return interaction;
}

test("a page that the bus does not reach asks by itself", async () => {
    await open("DISCONNECTED");
    await advanceTime(ALONE_MS);
    expect.verifySteps(["asked"]);
    await advanceTime(ALONE_MS);
    expect.verifySteps(["asked"]);
});

test("a page that is told asks seldom, and again soon once the bus is lost", async () => {
    const page = await open("CONNECTED");
    await advanceTime(TOLD_MS - ALONE_MS);
    expect.verifySteps([]);
    await advanceTime(ALONE_MS);
    expect.verifySteps(["asked"]);
    page.bus.workerState = "DISCONNECTED";
    page.heard({ detail: "DISCONNECTED" });
    await advanceTime(ALONE_MS);
    expect.verifySteps(["asked"]);
    page.heard({ detail: "CONNECTED" });
    expect.verifySteps(["asked"]);
});

test("what was unfolded stays unfolded when the figures change", async () => {
    const page = await open("CONNECTED");
    page.el.querySelector("details").open = true;
    page.show({
        digest: "b",
        html: "<details><summary>Table</summary>3</details><details><summary>Another</summary>4</details>",
        status: "The figures changed",
    });
    expect([...page.el.querySelectorAll("details")].map((one) => one.open)).toEqual([true, false]);
    expect(page.el.textContent).toInclude("3");
    expect(page.el.dataset.digest).toBe("b");
});
