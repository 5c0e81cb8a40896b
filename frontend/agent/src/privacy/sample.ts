/**
 * Purpose: which sessions are recorded, by the session's id alone, as the server says it too.
 * Design: the function of `policy/src/privacy/sample.rs`: FNV-1a in 32 bits over purpose, `:` and id, then the finaliser
 * of MurmurHash3. Both are tested against `policy/vectors/sampling.vectors.txt`. Ids are ASCII.
 */

/** What is chosen; each purpose chooses on its own. */
export type Purpose = "sessions" | "errors" | "roll-out";

/** The bucket of an id, from 0 to 9 999. */
export function bucket(purpose: Purpose, id: string): number {
  let hash = 0x811c9dc5;
  for (const char of `${purpose}:${id}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  // Below 2^53, so the product is exact.
  return Math.floor((((hash ^ (hash >>> 16)) >>> 0) * 10_000) / 2 ** 32);
}

/** Whether the session of this id is in at this rate in 10 000. */
export const sampled = (purpose: Purpose, id: string, per10000: number): boolean => bucket(purpose, id) < per10000;
