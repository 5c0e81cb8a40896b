/**
 * The nonce the server wrote into the page for `<style>` elements made at run time. The policy has no 'unsafe-inline', so
 * Mantine and its scroll lock must sign theirs.
 */
export function styleNonce(): string {
  return document.querySelector('meta[name="csp-nonce"]')?.getAttribute("content") ?? "";
}

/** `get-nonce`, which the scroll lock asks, reads this global name. */
export function publishStyleNonce(): void {
  Object.defineProperty(globalThis, "__webpack_nonce__", { value: styleNonce(), configurable: true });
}
