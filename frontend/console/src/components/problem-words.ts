import { problems } from "../i18n/en/problems";
import type { PlainKey } from "../i18n/translate";

const isWord = (key: string): key is keyof typeof problems => Object.hasOwn(problems, key);

/** The words for a problem's code, where it has some; of the others the server's own explanation is shown. */
export function problemWord(code: string): PlainKey | undefined {
  const key = `problem.${code}`;
  return isWord(key) ? key : undefined;
}
