// Makes the page: one HTML file with its script, its style and the licences of what is in it, and one place for the data.
// Beside it live_page.html, the page of a training that runs. Usage: node build.mjs OUTPUT LIVE_OUTPUT. Same sources: same
// bytes.
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const [output, liveOutput] = process.argv.slice(2);
const placeOfData = '{"splitlane":"report data"}'; // also in cmake/ReportPage.cmake

const settings = {
  absWorkingDir: here,
  outdir: "unused",
  write: false,
  bundle: true,
  minify: true,
  metafile: true,
  format: "iife",
  target: ["es2020"],
  charset: "ascii",
  legalComments: "none", // the licences are listed as a whole
  jsx: "automatic",
  jsxImportSource: "preact",
};
const result = await build({ ...settings, entryPoints: { page: "src/main.tsx", style: "src/style.css" } });
const live = await build({ ...settings, entryPoints: { page: "src/live.ts", style: "src/live.css" } });

function outputNamed(name, result) {
  return result.outputFiles.find((file) => path.basename(file.path) === name).text.trim();
}

function packageOf(input) {
  const parts = input.split("node_modules/").at(-1).split("/");
  return parts[0].startsWith("@") ? `${parts[0]}/${parts[1]}` : parts[0];
}

// ISC, MIT and BSD want their notice wherever the code goes; packages with the same text share it.
async function licences() {
  const bundled = Object.values(result.metafile.outputs)
    .flatMap((file) => Object.entries(file.inputs))
    .filter(([input, { bytesInOutput }]) => input.includes("node_modules/") && bytesInOutput > 0)
    .map(([input]) => packageOf(input));
  const packagesOf = new Map();
  for (const name of [...new Set(bundled)].sort()) {
    const folder = path.join(here, "node_modules", name);
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    if (!file) throw new Error(`${name} comes without its licence`);
    const text = (await readFile(path.join(folder, file), "utf8")).trim();
    packagesOf.set(text, [...(packagesOf.get(text) ?? []), name]);
  }
  return [...packagesOf].map(([text, names]) => `${names.join(", ")}:\n\n${text}`).join("\n\n");
}

async function writePage(file, frameName, parts) {
  const frame = await readFile(path.join(here, "src", frameName), "utf8");
  // A function, because "$&" and the like mean something in a replacement that is a string.
  const page = frame.replace(/\{\{([A-Z]+)\}\}/g, (_, name) => parts[name]);
  if (/[^\n\x20-\x7e]/.test(page)) throw new Error("the page has characters beyond ASCII");
  if (page.split(placeOfData).length !== (parts.DATA ? 2 : 1)) throw new Error("not exactly one place for the data");
  if (page.includes(")piece\"")) throw new Error("the page would end the C++ string that holds it");
  if (/<\/(script|style)/i.test(parts.SCRIPT + parts.STYLE)) throw new Error("script or style would end early");
  await writeFile(file, page);
  console.log(`${path.relative(process.cwd(), file)}: ${page.length} bytes, script ${parts.SCRIPT.length}`);
}

await writePage(output, "page.html", {
  LICENCES: (await licences()).replaceAll("--", "- -"),
  STYLE: outputNamed("style.css", result),
  SCRIPT: outputNamed("page.js", result),
  DATA: placeOfData,
});
await writePage(liveOutput, "live.html", { STYLE: outputNamed("style.css", live), SCRIPT: outputNamed("page.js", live) });
