import { Select } from "@mantine/core";
import { useSpeech } from "../i18n/context";

interface StateFilterProps<State extends string> {
  readonly states: readonly State[];
  readonly value: State | undefined;
  readonly word: (state: State) => string;
  /** What stands there while none is chosen. */
  readonly any: string;
  readonly onChange: (state: State | undefined) => void;
}

/** Narrows a list to one state. */
export function StateFilter<State extends string>({ states, value, word, any, onChange }: StateFilterProps<State>) {
  const { t } = useSpeech();
  return (
    <Select
      aria-label={t("filter.state")}
      placeholder={any}
      clearable
      clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("filter.state") }) }}
      value={value ?? null}
      data={states.map((each) => ({ value: each, label: word(each) }))}
      onChange={(chosen) => onChange(states.find((each) => each === chosen))}
    />
  );
}
