// Builds the npm module and the ready script, prints what each part weighs, and fails above the size limit.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { execFileSync } from "node:child_process";
import { build } from "esbuild";
import { slimRrweb } from "./slim-rrweb.mjs";

/** Bytes of the ready script after `gzip -9`. */
export const LIMIT = 30_000;

const here = fileURLToPath(new URL(".", import.meta.url));
const dist = `${here}dist/`;
const { version } = JSON.parse(readFileSync(`${here}package.json`, "utf8"));
const common = {
  bundle: true,
  minify: true,
  target: "es2022",
  legalComments: "none",
  absWorkingDir: here,
  define: { __VERSION__: JSON.stringify(version) },
};
/** Names that live inside rrweb or inside our classes only: no DOM, event or wire name is among them, so they may be shortened. */
const MEMBERS =
  /^(environment|hurried|isLarge|discard|burst|accepts|cleaned|written|refuse|acknowledge|goOnFrom|asIdentity|overflowFrom|gapEvent|endSession|watchPage|backlog|refusals|pumping|pausing|drained|refused|gapLine|serverTime|retryAfter|joinTab|snapshotAt|trustAll|newId|idOf|isOpen|isFull|insist|waiting|leaving|asleep|begun|iframeManager|stylesheetManager|shadowDomManager|canvasManager|processedNodeManager|\w+Cb|bypassOptions|mask(InputOptions|AllInputs|TextClass|TextSelector|TextFn|InputFn)|block(Class|Selector)|ignore(Class|Selector|CSSAttributes)|slimDOM(Options)?|dataURLOptions|inlineStylesheet|inlineImages|record(Canvas|CrossOriginIframes|DOM|After)|userTriggeredOnInput|collectFonts|keepIframeSrcFn|errorHandler|checkoutEveryN(ms|th)|mousemoveWait|newlyAddedElement|cssCaptured|preserveWhiteSpace|onSerialize|onIframeLoad|onStylesheetLoad|iframeLoadTimeout|stylesheetLoadTimeout|skipChild|needsMask|idNodeMap|nodeMetaMap|addedSet|movedSet|droppedSet|movedMap|removesSubTreeCache|attributeMap|mapRemoves|processMutations?|genAdds|genTextAreaValueMutation|emissionCallback|unattachedDoc|styleMirror|styleIDMap|idStyleMap|getStyle|trackedLinkElements|adoptStyleSheets|attachLinkElement|trackLinkElement|attachIframe|addIframe|addLoadListener|loadListener|addShadowRoot|observeAttachShadow|patchAttachShadow|restoreHandlers|crossOriginIframe\w+|headMeta\w+|headFavicon|headWhitespace|headTitleMutations|_unchangedStyles|styleDiff|inOtherBuffer|getMeta|removeNodeFromMap)$/;
// "ascii": a page that does not say its own charset would read the mask string wrongly.
const script = {
  ...common,
  entryPoints: ["src/script.ts"],
  format: "iife",
  charset: "ascii",
  plugins: [slimRrweb],
  mangleProps: MEMBERS,
};

/** The ready script, in memory. */
export async function bundleScript() {
  const { outputFiles, metafile } = await build({ ...script, write: false, metafile: true, outfile: "sealtape.js" });
  const bytes = Buffer.from(outputFiles[0].contents);
  return { bytes, gzip: gzipSync(bytes, { level: 9 }).length, inputs: Object.values(metafile.outputs)[0].inputs };
}

function printParts({ bytes, gzip, inputs }) {
  const parts = Object.entries(inputs).map(([path, { bytesInOutput }]) => [
    path.includes("node_modules") ? path.slice(path.indexOf("node_modules/") + 13) : path,
    bytesInOutput,
  ]);
  for (const [path, size] of parts.sort((a, b) => b[1] - a[1])) console.log(`${String(size).padStart(8)}  ${path}`);
  console.log(`${String(bytes.length).padStart(8)}  sealtape.js, ${gzip} bytes after gzip -9 (limit ${LIMIT})`);
}

async function main() {
  mkdirSync(dist, { recursive: true });
  for (const old of readdirSync(dist)) rmSync(dist + old, { recursive: true });
  await build({
    ...common,
    minify: false,
    entryPoints: ["src/index.ts"],
    format: "esm",
    external: ["@rrweb/record"],
    outfile: "dist/index.js",
  });
  execFileSync(
    process.execPath,
    [fileURLToPath(import.meta.resolve("typescript/lib/tsc.js")), "-p", "tsconfig.types.json"],
    { cwd: here, stdio: "inherit" },
  );
  const bundle = await bundleScript();
  printParts(bundle);
  const integrity = `sha384-${createHash("sha384").update(bundle.bytes).digest("base64")}`;
  const file = `sealtape.${createHash("sha256").update(bundle.bytes).digest("hex").slice(0, 16)}.js`;
  writeFileSync(`${dist}sealtape.js`, bundle.bytes);
  writeFileSync(dist + file, bundle.bytes);
  writeFileSync(
    `${dist}manifest.json`,
    `${JSON.stringify({ file, integrity, bytes: bundle.bytes.length, gzip: bundle.gzip }, null, 2)}\n`,
  );
  if (bundle.gzip > LIMIT) throw new Error(`sealtape.js is ${bundle.gzip} bytes after gzip -9; the limit is ${LIMIT}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
