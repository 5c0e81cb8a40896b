/**
 * Purpose: the words and formats the shared components need, given once by the surface that uses them.
 * Design: `ui` knows no catalogue; a surface passes its language and the few labels through a context.
 */
import { createContext, type ReactNode, useContext } from "react";

/** What the shared components say. */
export interface UiWords {
  /** BCP 47 tag for `Intl`. */
  readonly locale: string;
  readonly copy: string;
  readonly copied: string;
  readonly requestId: string;
  readonly retry: string;
  readonly loading: string;
}

const words = createContext<UiWords>({
  locale: "en",
  copy: "Copy",
  copied: "Copied",
  requestId: "Request",
  retry: "Try again",
  loading: "Loading",
});

/** Gives the words to everything below. */
export function UiWordsProvider({ value, children }: { readonly value: UiWords; readonly children: ReactNode }) {
  return <words.Provider value={value}>{children}</words.Provider>;
}

/** The words of the surface around. */
export function useUiWords(): UiWords {
  return useContext(words);
}
