// Bundles the libraries of package.json into the folders that pages and tests read, each with the licences of
// what is in it, and writes the manifest. `node build.mjs STATIC TESTS` with both target folders.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const [pages, tests] = process.argv.slice(2);
const asked = JSON.parse(readFileSync("package.json", "utf8")).dependencies;

function described(folder) {
  const found = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${found.name} has no licence file`);
  return {
    name: found.name,
    version: found.version,
    licence: found.license,
    homepage: found.homepage ?? (found.repository?.url ?? "").replace(/^git\+/, ""),
    text: readFileSync(join(folder, file), "utf8").trim(),
  };
}

// the packages whose modules esbuild put into a bundle
function packagesIn(metafile) {
  const folders = Object.values(metafile.outputs)
    .flatMap((output) => Object.entries(output.inputs))
    .filter(([, input]) => input.bytesInOutput > 0)
    .map(([path]) => path.match(/^node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0])
    .filter(Boolean);
  return [...new Set(folders)].sort().map(described);
}

function write(folder, file, content, libraries, entries) {
  writeFileSync(join(folder, file), content);
  const licences = file.replace(/(\.min)?\.js$/, ".licences.txt");
  const texts = libraries.map((one) => `${one.name} ${one.version}: ${one.licence}\n${one.homepage}\n\n${one.text}\n`);
  writeFileSync(join(folder, licences), texts.join(`\n${"-".repeat(80)}\n\n`));
  entries.push({
    file,
    sha256: createHash("sha256").update(content).digest("hex"),
    licences,
    libraries: libraries.map(({ text, ...rest }) => rest),
  });
}

for (const folder of [pages, tests]) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}
const shown = [];
for (const entry of ["cytoscape", "codemirror"]) {
  const made = await build({
    entryPoints: [`${entry}.js`], bundle: true, minify: true, format: "esm", target: "es2022",
    legalComments: "none", charset: "utf8", metafile: true, write: false,
  });
  write(pages, `${entry}.js`, made.outputFiles[0].text, packagesIn(made.metafile), shown);
}
writeFileSync(join(pages, "manifest.json"), `${JSON.stringify(shown, null, 2)}\n`);
const tested = [];
write(tests, "axe.min.js", readFileSync("node_modules/axe-core/axe.min.js", "utf8"), [described("node_modules/axe-core")], tested);
writeFileSync(join(tests, "manifest.json"), `${JSON.stringify(tested, null, 2)}\n`);
for (const one of [...shown, ...tested].flatMap((entry) => entry.libraries)) {
  console.log(`${one.name} ${one.version} (${one.licence})${asked[one.name] ? "" : ", by way of another"}`);
}
