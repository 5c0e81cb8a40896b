/**
 * Purpose: messages from typed catalogues.
 * Design: English is the catalogue that gives the keys; every other language must have the same ones, held by the
 * compiler. `{name}` is a hole; its name is part of the message's type, so a call without it does not compile.
 * How to add one more language: a file beside `de.ts` and a line in `catalogues`.
 */
import { de } from "./de";
import { en } from "./en";

/** A language with a catalogue. */
export type Language = "en" | "de";

/** The key of a message. */
export type MessageKey = keyof typeof en;

/** Every message of a language. */
export type Catalogue = Readonly<Record<MessageKey, string>>;

/** All catalogues. */
export const catalogues: Readonly<Record<Language, Catalogue>> = { en, de };

type Holes<Message extends string> = Message extends `${string}{${infer Hole}}${infer Rest}`
  ? Hole | Holes<Rest>
  : never;

/** The arguments of a message: none, or one record with every hole. */
export type MessageArguments<Key extends MessageKey> = [Holes<(typeof en)[Key]>] extends [never]
  ? []
  : [Readonly<Record<Holes<(typeof en)[Key]>, string | number>>];

/** Gives the message for a key. */
export type Translate = <Key extends MessageKey>(key: Key, ...args: MessageArguments<Key>) => string;

/** The key of a message without holes. */
export type PlainKey = { [Key in MessageKey]: MessageArguments<Key> extends [] ? Key : never }[MessageKey];

/** The keys that come in a form for one and a form for many. */
export type PluralKey = {
  [Key in MessageKey]: Key extends `${infer Stem}.one` ? (`${Stem}.other` extends MessageKey ? Stem : never) : never;
}[MessageKey];

function fill(message: string, holes: Readonly<Record<string, string | number>>, numbers: Intl.NumberFormat): string {
  return message.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = holes[name];
    return value === undefined ? whole : typeof value === "number" ? numbers.format(value) : value;
  });
}

/** `t` of a language. */
export function translator(language: Language): Translate {
  const numbers = new Intl.NumberFormat(language);
  return (key, ...args) => fill(catalogues[language][key], args[0] ?? {}, numbers);
}

/** Gives the form of a counted message that fits the number; the number fills `{count}`. */
export type TranslateCount = (stem: PluralKey, count: number) => string;

/** `tn` of a language. */
export function counter(language: Language): TranslateCount {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (stem, count) => {
    const key: MessageKey = rules.select(count) === "one" ? `${stem}.one` : `${stem}.other`;
    return fill(catalogues[language][key], { count }, numbers);
  };
}

/** The language to start with: the kept choice, else the browser's, else English. */
export function startLanguage(kept: string | null, browser: readonly string[]): Language {
  if (kept === "en" || kept === "de") return kept;
  const first = browser.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "de" || tag === "en");
  return first === "de" ? "de" : "en";
}
