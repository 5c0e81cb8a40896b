/**
 * Purpose: the page itself, through rrweb's recorder with the settings that have proved themselves.
 * Design: rrweb masks first (inputs by `maskValue`, text under a mask selector), `privacy/clean.ts` masks again what
 * comes out. Canvas, fonts, inlined images and frames of other origins stay off.
 */
import { record } from "@rrweb/record";
import { isJson, type Json, type Undo } from "../guard";
import { MASK } from "../privacy/detect";
import { BLOCK_SELECTOR, HEAVY, MASK_SELECTOR, maskValue } from "../privacy/mask";
import { guard, listOf } from "../guard";

const CHECKOUT_MS = 120_000;

/** Starts rrweb; every event goes to `sink`, uncleaned. */
export function startDom(sink: (event: Json) => void): Undo | undefined {
  return record({
    emit: (event: unknown) => guard(() => isJson(event) && sink(event)),
    checkoutEveryNms: CHECKOUT_MS,
    recordAfter: "DOMContentLoaded",
    blockSelector: BLOCK_SELECTOR,
    ignoreSelector: "[data-sealtape=ignore]",
    maskTextSelector: MASK_SELECTOR,
    maskTextFn: (text: string) => (text.trim() ? MASK : text),
    // By tag name, so for every type of input; rrweb's own list knows types only.
    maskInputOptions: Object.fromEntries(["input", "textarea", "select"].map((tag) => [tag, true])),
    maskInputFn: (text: string, element: HTMLElement) => guard(() => maskValue(text, element)) ?? MASK,
    userTriggeredOnInput: true,
    inlineStylesheet: true,
    slimDOMOptions: "all",
    sampling: { mousemove: 50, scroll: 150 },
    // rrweb runs the page's own calls (insertRule …) inside its wrappers: an exception the page caused must reach the
    // page, one of rrweb's own must not.
    errorHandler: (error: unknown) => !(error instanceof DOMException),
  });
}

/** rrweb's map between nodes and ids. */
export const mirror = record.mirror;

/** Asks rrweb for a new full snapshot. */
export const takeSnapshot = (): void => guard(() => record.takeFullSnapshot(true));

const size = (node: Json): number => JSON.stringify(node).length;

/** Descends to the smallest node that holds most of `node`. */
function heaviest(node: Json): Json {
  const whole = size(node);
  const child = listOf(node["childNodes"]).find((each) => size(each) > whole / 2);
  return child ? heaviest(child) : node;
}

/**
 * Blocks the element that made `event` too large, so that the next snapshot shows its box only. Marks it with an
 * attribute, since rrweb looks for blocked nodes by selector.
 */
export function blockHeaviest(event: Json): void {
  const data = isJson(event["data"]) ? event["data"] : {};
  const adds = listOf(data["adds"]);
  const largest = adds.reduce<Json | undefined>(
    (best, add) => (best && size(best) >= size(add) ? best : add),
    undefined,
  );
  const root = data["node"] ?? largest?.["node"];
  // Many small additions: their common parent is what grows.
  const spread = largest && size(largest) < size(data) / 2;
  const id = spread ? largest["parentId"] : isJson(root) ? heaviest(root)["id"] : listOf(data["attributes"])[0]?.["id"];
  let node: Node | null = typeof id === "number" ? mirror.getNode(id) : null;
  if (node && !(node instanceof Element)) node = node.parentElement;
  if (node instanceof Element && node !== document.documentElement && node !== document.body)
    node.setAttribute(HEAVY, "");
}
