// Leaves out of the ready script what the capture policy never switches on: canvas, fonts, frames of other origins,
// inlined images, rrweb's plugins. Code that is not there cannot record it, and the script stays below its size limit.
// Every cut must match exactly once, so that a new version of rrweb fails the build instead of changing its behaviour.
import { readFileSync } from "node:fs";

/** Top-level declaration from its first line to the closing brace in the first column. */
const declaration = (start) => new RegExp(`^${start}[\\s\\S]*?^\\}\\n`, "m");
/** Class member at two spaces. */
const method = (name, first = "") => new RegExp(`^  ${name}\\(${first}[^\\n]*\\) \\{\\n[\\s\\S]*?^  \\}\\n`, "m");
/** Statement at `indent` spaces with its block. */
const block = (indent, start) => new RegExp(`^ {${indent}}${start}[\\s\\S]*?^ {${indent}}\\}\\n`, "m");
const literal = (text) => new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));

const CUTS = [
  // canvas
  [
    declaration("class CanvasManager \\{"),
    "class CanvasManager { reset() {} freeze() {} unfreeze() {} lock() {} unlock() {} }\n",
  ],
  [/^const jsContent = .*\n/m, ""],
  [/^const blob = typeof self.*\n/m, ""],
  [declaration("function WorkerWrapper"), ""],
  [block(2, 'if \\(tagName === "canvas" && recordCanvas\\) \\{'), ""],
  [declaration("function is2DCanvasBlank"), ""],
  // inlined images
  [block(2, 'if \\(tagName === "img" && inlineImages\\) \\{'), ""],
  // fonts
  [declaration("function initFontObserver"), ""],
  [block(4, "if \\(o.collectFonts\\) \\{"), ""],
  // frames of other origins
  [method("handleMessage"), ""],
  [method("transformCrossOriginEvent"), ""],
  [method("replace", "iframeMirror"), ""],
  [method("replaceIds"), ""],
  [method("replaceStyleIds"), ""],
  [method("replaceIdOnNode"), ""],
  [method("patchRootIdOnNode"), ""],
  [declaration("class CrossOriginIframeMirror \\{"), "class CrossOriginIframeMirror {}\n"],
  // plugins: our streams do not need them
  [block(2, "for \\(const plugin of plugins \\|\\| \\[\\]\\) \\{\\n    if \\(plugin.getMirror\\)"), ""],
  [block(4, "for \\(const plugin of plugins \\|\\| \\[\\]\\) \\{"), ""],
  [/plugins: \(\(_a2 = plugins == null[\s\S]*?\)\)\) \|\| \[\]/m, "plugins: []"],
  [block(2, "for \\(const plugin of o.plugins\\) \\{"), ""],
  // custom element definitions
  [declaration("function initCustomElementObserver"), ""],
  [literal("  const customElementObserver = initCustomElementObserver(o);\n"), ""],
  [literal("    customElementObserver();\n"), ""],
  // warnings for a long gone interface, and help for browsers that have no CompressionStream either
  [/^const DEPARTED_MIRROR_ACCESS_WARNING = .*\n/m, ""],
  [/^let _mirror = \{[\s\S]*?^\};\n/m, ""],
  [block(0, 'if \\(typeof window !== "undefined" && window.Proxy'), ""],
  [declaration("function polyfill"), ""],
  [literal("  polyfill();\n"), ""],
  // parts of a replayer's DOM that came along
  [declaration("class BaseRRNode \\{"), ""],
  [block(2, "if \\(n instanceof BaseRRNode"), ""],
  [declaration("function mergeHooks"), ""],
  [literal("  mergeHooks(o, hooks);\n"), ""],
];

/** Cut declarations that nothing may refer to any more. */
const GONE =
  /\b(jsContent|WorkerWrapper|is2DCanvasBlank|initFontObserver|mergeHooks|initCustomElementObserver|DEPARTED_MIRROR\w+|_mirror|polyfill|BaseRRNode)\b/;

function slim(source) {
  for (const [pattern, replacement] of CUTS) {
    const found = source.match(new RegExp(pattern.source, `${pattern.flags}g`)) ?? [];
    if (found.length !== 1) throw new Error(`@rrweb/record changed: ${pattern.source} matches ${found.length} times`);
    source = source.replace(pattern, () => replacement);
  }
  const left = GONE.exec(source)?.[0];
  if (left) throw new Error(`@rrweb/record changed: ${left} is still in use`);
  // A list of names by which the buffer copies its options: marked, so that esbuild may shorten them.
  source = source.replace(/^ {4}\[\n(?: {6}"\w+",?\n)+ {4}\]\.forEach/m, (list) =>
    list.replace(/"/, '/* @__KEY__ */ "').replace(/,\n {6}"/g, ',\n/* @__KEY__ */ "'),
  );
  // Helpers of its own build that weigh more than what they stand for.
  return source
    .replace(/__publicField\(this, "(\w+)"\)/g, "(this.$1 = undefined)")
    .replace(/__publicField\(this, "(\w+)", /g, "(this.$1 = ")
    .replace(
      /^var (\w+) = \/\* @__PURE__ \*\/ \(\((\w+)\) => \{\n((?: {2}\2\[\2\[.*\n)+) {2}return \2;\n\}\)\(\1 \|\| \{\}\);/gm,
      (_, name, inner, body) => {
        const entries = [...body.matchAll(/\["(\w+)"\] = (\d+)\]/g)].map(
          ([, key, value]) => `${JSON.stringify(key)}: ${value}`,
        );
        return `var ${name} = { ${entries.join(", ")} };`;
      },
    );
}

export const slimRrweb = {
  name: "slim-rrweb",
  setup(build) {
    build.onLoad({ filter: /@rrweb[\\/]record[\\/]dist[\\/]record\.js$/ }, ({ path }) => ({
      contents: slim(readFileSync(path, "utf8")),
      loader: "js",
    }));
  },
};
