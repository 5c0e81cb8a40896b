/** A fresh `Idempotency-Key`. Not `crypto.randomUUID`: that is missing where a console is reached without TLS. */
export function onceKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
