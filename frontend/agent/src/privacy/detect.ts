/**
 * Purpose: find personal values in free text: e-mail addresses, payment cards, IBANs.
 * Design: a cheap pre-test, a linear pattern, then a check (Luhn and issuer range, mod 97 and country length), so that
 * order numbers and time stamps stay readable. The server runs the same detectors again.
 * How to add one more: a function text → text that replaces what it finds by MASK, called in `detect`.
 */

/** What stands for every masked value; constant, so that it tells nothing about the length. */
export const MASK = "▇▇▇▇";

const EMAIL = /[^\s@<>()[\]",;:/?&=]{1,64}@(?:[\p{L}\d](?:[\p{L}\d-]{0,62})\.){1,8}[\p{L}][\p{L}\d-]{1,62}/gu;
const DIGITS = /\d(?:[ \u00a0-]?\d){11,}/g;
const ISSUER =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|35\d{14}|(?:6011|65\d\d|64[4-9]\d|62\d\d|81\d\d)\d{12,15}|(?:50|5[6-8]|6[37])\d{10,17})$/;
const IBAN = /[A-Z]{2}\d{2}(?:[ \u00a0-]?[A-Z0-9]){11,30}/gi;
/** Country and length of its IBANs (registry of ISO 13616). */
const IBAN_LENGTHS =
  "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BR29BY28CH21CR22CY28CZ24DE22DK18DO28EE20EG29ES24FI18FO18FR27GB22GE22GI23GL18GR27GT28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21LY25MC27MD24ME22MK19MR27MT31MU30NL18NO15PK24PL28PS29PT25QA29RO24RS22SA24SC31SE24SI19SK24SM27ST25SV28TL23TN24TR26UA29VA22VG24XK20";

function luhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at]) * (at % 2 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

const isCard = (digits: string): boolean => ISSUER.test(digits) && luhn(digits);

/** A card ends where a group of digits ends, so "4111 1111 1111 1111 2027" is found and a 25-digit number is not cut. */
export function maskCards(text: string): string {
  return text.replace(DIGITS, (run: string, offset: number) => {
    if (/[\w.]/.test(text[offset - 1] ?? "") || /\w/.test(text[offset + run.length] ?? "")) return run;
    const parts = run.split(/([ \u00a0-])/);
    for (let first = 0; first < parts.length; first += 2) {
      let digits = "";
      for (let last = first; last < parts.length && digits.length < 20; last += 2) {
        digits += parts[last] ?? "";
        if (isCard(digits)) {
          const rest = parts.slice(last + 1).join("");
          return parts.slice(0, first).join("") + MASK + maskCards(rest);
        }
      }
    }
    return run;
  });
}

function isIban(compact: string): boolean {
  let rest = 0;
  for (const char of compact.slice(4) + compact.slice(0, 4)) {
    const value = parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

function maskIbans(text: string): string {
  return text.replace(IBAN, (run: string, offset: number) => {
    const at = IBAN_LENGTHS.indexOf(run.slice(0, 2).toUpperCase());
    if (at < 0 || /\w/.test(text[offset - 1] ?? "")) return run;
    let compact = "";
    let end = 0;
    for (
      const wanted = Number(IBAN_LENGTHS.slice(at + 2, at + 4));
      end < run.length && compact.length < wanted;
      end++
    ) {
      if (/\w/.test(run[end] ?? "")) compact += run[end] ?? "";
    }
    const followed = /\w/.test(run[end] ?? text[offset + end] ?? "");
    return isIban(compact) && !followed ? MASK + run.slice(end) : run;
  });
}

/** `text` with every e-mail address, card number and IBAN masked. */
export function detect(text: string): string {
  if (text.includes("@")) text = text.replace(EMAIL, MASK);
  return text.length > 11 && /\d/.test(text) ? maskIbans(maskCards(text)) : text;
}
