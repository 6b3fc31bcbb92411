// Makes the page: one HTML file with its script, its style and the licences of what is in it, and one place for the data.
// Usage: node build.mjs [OUTPUT], by default src/report/page/report_page.html. Same sources: same bytes.
import { build } from "esbuild";
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const output = process.argv[2] ?? path.join(here, "../src/report/page/report_page.html");
const placeOfData = '{"splitlane":"report data"}'; // also in cmake/ReportPage.cmake

const result = await build({
  absWorkingDir: here,
  entryPoints: { page: "src/main.tsx", style: "src/style.css" },
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
});

function outputNamed(name) {
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

const parts = {
  LICENCES: (await licences()).replaceAll("--", "- -"),
  STYLE: outputNamed("style.css"),
  SCRIPT: outputNamed("page.js"),
  DATA: placeOfData,
};
const frame = await readFile(path.join(here, "src/page.html"), "utf8");
// A function, because "$&" and the like mean something in a replacement that is a string.
const page = frame.replace(/\{\{([A-Z]+)\}\}/g, (_, name) => parts[name]);

if (/[^\n\x20-\x7e]/.test(page)) throw new Error("the page has characters beyond ASCII");
if (page.split(placeOfData).length !== 2) throw new Error("the page does not have exactly one place for the data");
if (page.includes(")piece\"")) throw new Error("the page would end the C++ string that holds it");
if (/<\/(script|style)/i.test(parts.SCRIPT + parts.STYLE)) throw new Error("script or style would end early");
await writeFile(output, page);
console.log(`${path.relative(process.cwd(), output)}: ${page.length} bytes, script ${parts.SCRIPT.length}`);
