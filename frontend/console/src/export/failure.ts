/** Why an exported file cannot be opened. */
export type Fault =
  /** The file is none that Sealtape sealed. */
  | "not-sealed"
  /** It is sealed, and no export. */
  | "not-export"
  /** The key is another export's. */
  | "other-export"
  /** The key has the right name and does not open the file. */
  | "wrong-key"
  /** A part does not match its seal. */
  | "changed"
  /** Its end is missing. */
  | "cut"
  /** More than a browser can hold. */
  | "too-large"
  /** It opened, and what is inside is no session. */
  | "unreadable"
  /** It was made by a later version. */
  | "newer"
  /** The browser offers its cryptography only to pages that came over TLS. */
  | "no-crypto"
  /** The browser could not read the file, or it went away. */
  | "no-file";

/** An exported file that is not opened. Nothing of it is shown. */
export class OpenFailure extends Error {
  constructor(readonly fault: Fault) {
    super(fault);
    this.name = "OpenFailure";
  }
}
