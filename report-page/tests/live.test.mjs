// The page of a training that runs at ADDRESS in PROCESS, which pytest started (tests/cli/test_dashboard.py).
import assert from "node:assert/strict";
import { test } from "node:test";

import { launch } from "./browser.mjs";

const roundOf = (text) => Number(/^Round (\d+)/.exec(text)?.[1] ?? 0);

test("the page follows the rounds, shows members and lanes, and says when the training has ended", async () => {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const problems = [];
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("console", (message) => problems.push(message.text()));
    page.on("request", (request) => {
      if (!request.url().startsWith(process.env.ADDRESS) && !request.url().startsWith("data:")) problems.push(request.url());
    });
    await page.goto(process.env.ADDRESS);
    await page.locator("#last", { hasText: /^Round \d+: .*loss/ }).waitFor();
    const first = roundOf(await page.locator("#last").textContent());
    await page.waitForFunction((round) => Number(/^Round (\d+)/.exec(document.getElementById("last").textContent)[1]) > round + 1, first);
    assert.match(await page.locator("#course").textContent(), /^Round \d+ of 100000: \d+ of \d+ batches\.$/);
    assert.match(await page.locator("#counts").textContent(), /^Members: (\d+) of \1 here$/);
    assert.equal(await page.locator("#members li.here").count(), await page.locator("#members li").count());
    const report = page.frameLocator("#report");
    await report.getByRole("heading", { name: /^Lanes of round \d+$/ }).waitFor();
    assert.ok((await report.locator("svg").count()) >= 4); // makespans, losses, accuracies, lanes
    assert.deepEqual(problems, []);
    process.kill(Number(process.env.PROCESS), "SIGINT");
    await page.locator("#course.gone", { hasText: "does not answer" }).waitFor();
  } finally {
    await browser.close();
  }
});
