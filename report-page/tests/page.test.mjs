import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { dataOf, launch, open, pointAt, rowsByEnd } from "./browser.mjs";
import { matchesScreenshot } from "./screenshots.mjs";

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser.close());

const grouped = (value) => value.toLocaleString("en-US");

/** A test on an open page, which must not complain about anything by its end. */
function onPage(title, name, act, options) {
  test(title, async () => {
    const { page, problems } = await open(browser, name, options);
    try {
      await act(page, await dataOf(page));
      assert.deepEqual(problems, []);
    } finally {
      await page.close();
    }
  });
}

/** The first segment on the top row that is wide enough to point at. */
function wideSegment(data) {
  const { segments } = data.plans[0];
  const helper = rowsByEnd(data)[0];
  const from = helper === 0 ? 0 : segments.lane_ends[helper - 1];
  for (let index = from; index < segments.lane_ends[helper]; ++index) {
    const length = segments.end[index] - segments.start[index];
    if (length > 0.02 * data.plans[0].makespan) return { index, helper, middle: segments.start[index] + length / 2 };
  }
  throw new Error("the top row has no wide segment");
}

const visibleRange = (page) => page.locator("output.range").textContent();
const followedHeading = (page) => page.locator(".follow h2").textContent();

onPage("says makespan and status", "example", async (page, data) => {
  assert.match(await page.locator(".big").first().textContent(), new RegExp(`^${grouped(data.plans[0].makespan)} ms`));
  assert.equal(await page.locator(".badge").textContent(), data.plans[0].status);
});

onPage("hovering over a task tells its client, helper and times", "example", async (page, data) => {
  const { index, helper, middle } = wideSegment(data);
  const { segments, clients } = data.plans[0];
  await page.mouse.move(...(await pointAt(page, data, middle, 0)));
  const text = await page.getByRole("tooltip").innerText();
  const client = segments.client[index];
  assert.ok(text.startsWith(`${data.instance.client_ids[client]} ${segments.task[index] === 0 ? "forward" : "backward"}`), text);
  assert.ok(text.includes(`on ${data.instance.helper_ids[helper]}`), text);
  assert.ok(text.includes(`${grouped(segments.start[index])} to ${grouped(segments.end[index])}`), text);
  assert.ok(text.includes(`completes at ${grouped(clients.completion[client])}`), text);
  await page.mouse.move(5, 5);
  assert.equal(await page.getByRole("tooltip").count(), 0);
});

onPage("Ctrl and wheel zoom around the pointer, dragging moves, All shows everything", "example", async (page, data) => {
  const everything = await visibleRange(page);
  await page.mouse.move(...(await pointAt(page, data, data.plans[0].makespan / 2, 0)));
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -600);
  await page.keyboard.up("Control");
  await page.waitForFunction((before) => document.querySelector("output.range").textContent !== before, everything);
  const [from, to] = (await visibleRange(page)).match(/[\d,]+/g).map((text) => Number(text.replaceAll(",", "")));
  const half = data.plans[0].makespan / 2;
  assert.ok(from > 0 && from < half && to > half && to < data.plans[0].makespan, `${from} to ${to}`);
  await page.mouse.down();
  await page.mouse.move(700, 500, { steps: 4 });
  await page.mouse.up();
  assert.notEqual(await visibleRange(page), `${grouped(from)} to ${grouped(to)} ms`);
  await page.getByRole("button", { name: "All" }).click();
  assert.equal(await visibleRange(page), everything);
});

onPage("clicking a task follows its client, step by step up to its completion", "example", async (page, data) => {
  const { index, middle } = wideSegment(data);
  const client = data.plans[0].segments.client[index];
  await page.mouse.click(...(await pointAt(page, data, middle, 0)));
  assert.ok((await followedHeading(page)).startsWith(data.instance.client_ids[client]));
  const ends = await page.locator(".follow tbody tr td:nth-child(3)").allTextContents();
  assert.equal(ends.at(-1), grouped(data.plans[0].clients.completion[client]));
  await matchesScreenshot(page.locator(".scroller"), "followed");
  await page.getByRole("button", { name: "Stop following" }).click();
  assert.equal(await followedHeading(page), "Follow a client");
});

onPage("the critical path's parts add up to the makespan", "example", async (page, data) => {
  const lengths = await page.locator(".parts b").allTextContents();
  const sum = lengths.reduce((total, text) => total + Number(text.replaceAll(",", "")), 0);
  assert.equal(sum, data.plans[0].makespan);
});

onPage("search finds ids, and columns sort both ways", "example", async (page, data) => {
  await page.getByRole("searchbox", { name: "Search clients" }).fill("c2");
  const found = data.instance.client_ids.filter((id) => id.includes("c2")).length;
  assert.match(await page.locator(".data-table [role=status]").textContent(), new RegExp(`^${found} of 30`));
  await page.getByRole("searchbox").fill("");
  const column = page.locator(".table-scroller td:nth-child(3)");
  const completion = [...data.plans[0].clients.completion].sort((left, right) => left - right);
  await page.getByRole("button", { name: "completion" }).click();
  assert.equal(await column.first().textContent(), grouped(completion.at(-1)));
  assert.equal(await page.locator("th").nth(2).getAttribute("aria-sort"), "descending");
  await page.getByRole("button", { name: "completion" }).click();
  assert.equal(await column.first().textContent(), grouped(completion[0]));
  const of = data.plans[0].clients;
  const alone = ["release", "forward", "client_forward", "client_backward", "backward"];
  const waits = of.backward_end.map((end, client) => alone.reduce((rest, duration) => rest - of[duration][client], end));
  await page.getByRole("button", { name: "waits" }).click();
  assert.equal(await page.locator(".table-scroller td:nth-child(5)").first().textContent(), grouped(Math.max(...waits)));
});

onPage("helpers are listed with their load", "example", async (page, data) => {
  await page.getByRole("tab", { name: "Helpers" }).click();
  const { segments } = data.plans[0];
  let busy = 0;
  for (let index = 0; index < segments.lane_ends[0]; ++index) busy += segments.end[index] - segments.start[index];
  const row = page.locator(".table-scroller tbody tr").filter({ has: page.getByRole("button", { name: "h0" }) });
  assert.equal(await row.locator("td").nth(2).textContent(), grouped(busy));
});

onPage("sorting by load changes the order of the rows", "example", async (page, data) => {
  const top = () => page.keyboard.press("ArrowDown").then(() => page.locator("[aria-live]").textContent());
  await page.getByLabel("Sort helpers by").selectOption("load");
  await page.locator(".surface").focus();
  const { segments } = data.plans[0];
  const busy = segments.lane_ends.map((end, helper) => {
    let sum = 0;
    for (let index = helper === 0 ? 0 : segments.lane_ends[helper - 1]; index < end; ++index) sum += segments.end[index] - segments.start[index];
    return sum;
  });
  const busiest = data.instance.helper_ids[busy.indexOf(Math.max(...busy))];
  assert.ok((await top()).startsWith(`Helper ${busiest}:`));
});

onPage("the keyboard moves, zooms, walks over tasks and lets go", "example", async (page, data) => {
  // Everything that can be used is reached by the tab key, the chart among it.
  const reached = [];
  for (let presses = 0; presses < 14; ++presses) {
    await page.keyboard.press("Tab");
    reached.push(await page.evaluate(() => document.activeElement.getAttribute("role") ?? document.activeElement.tagName));
    if (reached.at(-1) === "application") break;
  }
  assert.equal(reached.at(-1), "application", reached.join(" "));
  const outline = await page.locator(".surface").evaluate((element) => getComputedStyle(element).outlineStyle);
  assert.equal(outline, "solid");
  const everything = await visibleRange(page);
  await page.keyboard.press("+");
  const zoomed = await visibleRange(page);
  assert.notEqual(zoomed, everything);
  await page.keyboard.press("ArrowRight");
  assert.notEqual(await visibleRange(page), zoomed);
  await page.keyboard.press("0");
  assert.equal(await visibleRange(page), everything);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("n");
  const first = data.plans[0].segments;
  const helper = rowsByEnd(data)[0];
  const client = first.client[helper === 0 ? 0 : first.lane_ends[helper - 1]];
  assert.ok((await followedHeading(page)).startsWith(data.instance.client_ids[client]));
  assert.equal(await page.getByRole("tooltip").count(), 1);
  await page.keyboard.press("Escape");
  assert.equal(await followedHeading(page), "Follow a client");
});

onPage("colours follow the system and can be chosen", "example", async (page) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await background();
  await page.getByRole("button", { name: /colours/ }).click(); // system -> light
  const light = await background();
  assert.notEqual(light, dark);
  await page.getByRole("button", { name: /colours/ }).click(); // light -> dark
  assert.equal(await background(), dark);
  await matchesScreenshot(page.locator(".scroller"), "dark");
}, { colorScheme: "dark" }); // prettier-ignore

onPage("looks as it did", "example", async (page) => {
  await matchesScreenshot(page.locator(".scroller"), "light");
});

onPage("fits a phone: only tables scroll sideways", "example", async (page) => {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0);
}, { viewport: { width: 390, height: 800 } }); // prettier-ignore

onPage("compares with another plan and shows either", "compare", async (page, data) => {
  const [plan, other] = data.plans;
  const difference = other.makespan - plan.makespan;
  assert.ok((await page.locator(".comparison").textContent()).includes(`\u2212${grouped(difference)} ms`));
  await page.getByRole("button", { name: "Other plan" }).click();
  assert.match(await page.locator(".big").first().textContent(), new RegExp(`^${grouped(other.makespan)} ms`));
  assert.ok((await page.locator(".comparison").textContent()).includes(`+${grouped(difference)} ms`));
});

const inNumbers = (text) => Number(text.replaceAll(",", "").replace("\u2212", "-"));

onPage("an execution is told beside its plan", "execution", async (page, data) => {
  const { trace, plans } = data;
  const card = await page.locator(".execution").textContent();
  const late = plans[0].clients.helper.flatMap((_, client) => {
    const first = client === 0 ? 0 : trace.clients.batch_ends[client - 1];
    return ["forward_end", "backward_end"].filter((end) => {
      const planned = trace.clients[`planned_${end}`][client];
      return planned >= 0 && trace.batches[end][first] > planned;
    });
  });
  assert.ok(late.length > 0 && card.includes(`${late.length} tasks late`), card);
  assert.ok(card.includes("1 client not complete: c3"), card);
  const bars = await page.locator(".bars .figure").allTextContents();
  assert.equal(inNumbers(bars.at(-1)), Math.round(trace.makespan / trace.unit_us));
});

onPage("an execution's critical path adds up to its makespan", "execution", async (page, data) => {
  const lengths = await page.locator(".parts b").allTextContents();
  const sum = lengths.reduce((total, text) => total + inNumbers(text), 0);
  assert.ok(Math.abs(sum - data.trace.makespan / data.trace.unit_us) < lengths.length, `${sum}`);
});

onPage("a client's way is shown as planned and as it went", "execution", async (page, data) => {
  const { trace } = data;
  const client = trace.critical_client;
  await page.locator(".follow button").first().click();
  const tables = page.locator(".both table");
  assert.equal(await tables.count(), 2);
  const last = (index) => tables.nth(index).locator("tbody tr").last().locator("td").nth(2).textContent();
  assert.equal(inNumbers(await last(0)), data.plans[0].clients.completion[client]);
  assert.equal(inNumbers(await last(1)), Math.round(trace.makespan / trace.unit_us));
});

onPage("rows have a planned and an actual lane, and the tooltip says which", "execution", async (page, data) => {
  const { segments } = data.trace;
  const helper = data.trace.clients.helper[data.trace.critical_client];
  // The row of the helper that completes last is the top one; below two pinned paths, 48 pixels high.
  const box = await page.locator(".surface").boundingBox();
  const from = helper === 0 ? 0 : segments.lane_ends[helper - 1];
  let widest = from;
  const length = (index) => segments.end[index] - segments.start[index];
  for (let index = from; index < segments.lane_ends[helper]; ++index) if (length(index) > length(widest)) widest = index;
  const latest = Math.max(data.plans[0].latest_instant, data.trace.latest_instant / data.trace.unit_us);
  const middle = (segments.start[widest] + segments.end[widest]) / 2 / data.trace.unit_us;
  await page.mouse.move(box.x + (middle / (1.015 * latest)) * box.width, box.y + 30 + 2 * 26 + 36);
  const text = await page.getByRole("tooltip").innerText();
  assert.ok(text.startsWith(data.instance.client_ids[segments.client[widest]]) && text.includes("(actual)"), text);
  await matchesScreenshot(page.locator(".scroller"), "execution");
});

onPage("events are listed in order of time", "execution", async (page, data) => {
  await page.getByRole("tab", { name: "Events" }).click();
  const kinds = await page.locator(".table-scroller td:nth-child(2)").allTextContents();
  assert.deepEqual(kinds, data.trace.events.kind);
});

onPage("an execution fits a phone", "execution", async (page) => {
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0);
}, { viewport: { width: 390, height: 800 } }); // prettier-ignore

onPage("ids are text, whatever is in them", "hostile", async (page, data) => {
  assert.ok(data.instance.client_ids[0].startsWith("</script>"));
  assert.equal(await page.locator("img").count(), 0);
  assert.ok((await page.title()).endsWith("splitlane report"));
  await page.getByRole("button", { name: data.instance.client_ids[0] }).first().click();
  assert.ok((await followedHeading(page)).startsWith(data.instance.client_ids[0]));
});

test("10,000 clients on 1,000 helpers: quick to start, few elements, and every row can be reached", async () => {
  const begin = performance.now();
  const { page, problems } = await open(browser, "large");
  await page.keyboard.press("Tab");
  await page.locator("output.range").textContent();
  console.log(`10,000 clients: interactive after ${Math.round(performance.now() - begin)} ms`);
  const data = await dataOf(page);
  const elements = () => page.evaluate(() => document.querySelectorAll("*").length);
  assert.ok((await elements()) < 1200, `${await elements()} elements`);
  await page.locator(".table-scroller").evaluate((element) => (element.scrollTop = element.scrollHeight));
  const last = data.instance.client_ids.at(-1);
  await page.getByRole("button", { name: last, exact: true }).click();
  assert.ok((await followedHeading(page)).startsWith(last));
  assert.ok((await elements()) < 1200, `${await elements()} elements`);
  // Following scrolls the chart to the helper, wherever its row is; the overview leads elsewhere.
  const scrolled = () => page.locator(".scroller").evaluate((element) => element.scrollTop);
  const box = await page.locator(".overview").boundingBox();
  await page.locator(".overview").click({ position: { x: box.width / 2, y: box.height - 2 } });
  assert.ok((await scrolled()) > 20000);
  assert.deepEqual(problems, []);
  await page.close();
});
