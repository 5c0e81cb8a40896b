import { UiWordsProvider } from "@sealtape/ui";
import { createContext, type ReactNode, use, useMemo, useState } from "react";
import { counter, type Language, startLanguage, type Translate, type TranslateCount, translator } from "./translate";

const STORAGE_KEY = "sealtape-language";

/** What components speak with. */
export interface Speech {
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
  readonly t: Translate;
  readonly tn: TranslateCount;
}

const speech = createContext<Speech | undefined>(undefined);

/** Keeps the language and gives the messages; `initial` beats the kept choice (tests). */
export function SpeechProvider({ children, initial }: { readonly children: ReactNode; readonly initial?: Language }) {
  const [language, choose] = useState<Language>(
    () => initial ?? startLanguage(localStorage.getItem(STORAGE_KEY), navigator.languages),
  );
  const value = useMemo<Speech>(() => {
    document.documentElement.lang = language;
    return {
      language,
      setLanguage: (next) => {
        localStorage.setItem(STORAGE_KEY, next);
        choose(next);
      },
      t: translator(language),
      tn: counter(language),
    };
  }, [language]);
  const { t } = value;
  const words = useMemo(
    () => ({
      locale: language,
      copy: t("copy"),
      copied: t("copied"),
      requestId: t("error.request"),
      retry: t("error.retry"),
      loading: t("loading"),
    }),
    [language, t],
  );
  return (
    <speech.Provider value={value}>
      <UiWordsProvider value={words}>{children}</UiWordsProvider>
    </speech.Provider>
  );
}

/** The messages in the reader's language. */
export function useSpeech(): Speech {
  const value = use(speech);
  if (value === undefined) throw new Error("useSpeech outside SpeechProvider");
  return value;
}
