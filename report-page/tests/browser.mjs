// Chromium for the tests: pages from disk, with everything that goes wrong in them collected.
import { chromium } from "playwright-core";
import path from "node:path";
import { pathToFileURL } from "node:url";

const FLAGS = [
  "--no-sandbox", // the tests may run as root
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--force-color-profile=srgb",
  "--font-render-hinting=none",
];

export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** Opens NAME.html of the folder PAGES. `problems` fills with console messages, exceptions and requests beyond the file. */
export async function open(browser, name, options = {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: "reduce", ...options });
  const address = pathToFileURL(path.join(process.env.PAGES, `${name}.html`)).href;
  const problems = [];
  page.on("console", (message) => problems.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => {
    if (request.url() !== address && !request.url().startsWith("data:")) problems.push(`request for ${request.url()}`);
  });
  await page.goto(address);
  await page.locator(".surface").waitFor();
  return { page, problems };
}

/** The document inside the page. */
export function dataOf(page) {
  return page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
}

// src/gantt_layout.ts and src/state.ts
const AXIS_HEIGHT = 30;
const ROW_HEIGHT = 26;
const ROOM_BEHIND = 1.015;

/** Where the chart, not zoomed and with one pinned lane, has an instant of a row (-1: the critical path). */
export async function pointAt(page, data, time, row) {
  const box = await page.locator(".surface").boundingBox();
  const span = ROOM_BEHIND * Math.max(...data.plans.map((plan) => plan.latest_instant));
  const y = AXIS_HEIGHT + (row + 1) * ROW_HEIGHT + ROW_HEIGHT / 2;
  return [box.x + (time / span) * box.width, box.y + y];
}

/** The helpers from the top row down, as the page sorts them at first: by the last completion of their clients. */
export function rowsByEnd(data) {
  const ends = data.instance.helper_ids.map(() => 0);
  data.plans[0].clients.helper.forEach((helper, client) => {
    if (helper >= 0) ends[helper] = Math.max(ends[helper], data.plans[0].clients.completion[client]);
  });
  return [...ends.keys()].sort((left, right) => ends[right] - ends[left]);
}
