// Compares what the page looks like with committed pictures. Fonts differ from machine to machine, so that text is hidden
// or its pixels are tolerated; colours, bars and places are not.
import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const BASELINES = path.join(path.dirname(fileURLToPath(import.meta.url)), "screenshots");
const OUTPUT = process.env.SCREENSHOTS ?? path.join(BASELINES, "../../../build/screenshots");
const TOLERATED_SHARE = 0.04;

/** UPDATE_SCREENSHOTS=1 writes the picture instead, for somebody to look at and commit. */
export async function matchesScreenshot(locator, name) {
  const bytes = await locator.screenshot({ animations: "disabled" });
  const baseline = path.join(BASELINES, `${name}.png`);
  if (process.env.UPDATE_SCREENSHOTS) {
    writeFileSync(baseline, bytes);
    return;
  }
  assert.ok(existsSync(baseline), `${baseline} is missing; UPDATE_SCREENSHOTS=1 makes it`);
  const [now, before] = [PNG.sync.read(bytes), PNG.sync.read(readFileSync(baseline))];
  assert.deepEqual([now.width, now.height], [before.width, before.height], `${name}: another size`);
  const difference = new PNG({ width: now.width, height: now.height });
  const count = pixelmatch(before.data, now.data, difference.data, now.width, now.height, { threshold: 0.2 });
  const share = count / (now.width * now.height);
  if (share > TOLERATED_SHARE) {
    mkdirSync(OUTPUT, { recursive: true });
    writeFileSync(path.join(OUTPUT, `${name}.png`), bytes);
    writeFileSync(path.join(OUTPUT, `${name}-difference.png`), PNG.sync.write(difference));
  }
  assert.ok(share <= TOLERATED_SHARE, `${name}: ${(100 * share).toFixed(1)} % of the pixels differ; see ${OUTPUT}`);
}
