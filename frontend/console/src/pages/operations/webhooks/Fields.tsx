import { MultiSelect, Select, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import { useSpeech } from "../../../i18n/context";
import { ACTS, actWord } from "../../audit/acts";
import type { WebhookFields } from "./form";

const KINDS = ["webhook", "syslog"] as const;

interface FieldsProps {
  readonly form: UseFormReturnType<WebhookFields>;
  /** The kind of a receiver stays as it is. */
  readonly fixed?: boolean;
}

/** The fields of a receiver. */
export function Fields({ form, fixed = false }: FieldsProps) {
  const { t } = useSpeech();
  const { kind, acts } = form.values;
  // What another console chose stays, also when this one has no words for it.
  const known = [...new Set([...ACTS, ...acts])].map((act) => {
    const word = actWord(act, t);
    return { value: act, label: word === act ? act : `${word} · ${act}` };
  });
  return (
    <>
      <TextInput
        label={t("webhook.name")}
        maxLength={80}
        data-autofocus
        autoComplete="off"
        placeholder="SIEM"
        {...form.getInputProps("name")}
      />
      {!fixed && (
        <Select
          label={t("webhook.kind")}
          allowDeselect={false}
          data={KINDS.map((each) => ({ value: each, label: t(`webhook.kind.${each}`) }))}
          {...form.getInputProps("kind")}
        />
      )}
      <TextInput
        label={t("webhook.url")}
        description={t(`webhook.url.${kind}.hint`)}
        placeholder={kind === "webhook" ? "https://siem.example.com/sealtape" : "syslog+tls://logs.example.com:6514"}
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps("url")}
      />
      <MultiSelect
        label={t("webhook.acts")}
        description={t("webhook.acts.hint")}
        placeholder={acts.length === 0 ? t("webhook.acts.all") : ""}
        searchable
        clearable
        nothingFoundMessage={t("palette.nothing")}
        clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("webhook.acts") }) }}
        maxValues={64}
        limit={30}
        data={known}
        {...form.getInputProps("acts")}
      />
    </>
  );
}
