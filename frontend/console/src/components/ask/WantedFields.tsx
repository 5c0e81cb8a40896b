import { Checkbox, Input, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { projectsQuery } from "../../api/queries";
import { useSpeech } from "../../i18n/context";
import { useCan } from "../access";
import classes from "../components.module.css";
import type { WantedForm } from "./wanted";

interface WantedFieldsProps {
  readonly value: WantedForm;
  readonly error: ReactNode;
  readonly onChange: (value: WantedForm) => void;
}

/** The filter that a request can be made by: only what stands in clear, and so can be shown to a reviewer. */
export function WantedFields({ value, error, onChange }: WantedFieldsProps) {
  const { t } = useSpeech();
  const can = useCan();
  const projects = useQuery({ ...projectsQuery(), enabled: can("project.list") });
  const change = (part: Partial<WantedForm>): void => onChange({ ...value, ...part });
  const word = (field: "release" | "browser" | "os", placeholder: string) => (
    <TextInput
      label={t(`filter.${field}`)}
      placeholder={placeholder}
      value={value[field]}
      maxLength={200}
      onChange={(event) => change({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <Input.Wrapper label={t("ask.filter")} description={t("ask.filter.hint")} error={error} labelElement="div">
      <div className={classes.wanted}>
        <Select
          label={t("filter.project")}
          placeholder={t("filter.any")}
          clearable
          clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("filter.project") }) }}
          data={(projects.data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={value.project === "" ? null : value.project}
          onChange={(project) => change({ project: project ?? "" })}
        />
        {word("release", "2026.11.*")}
        <TextInput
          label={t("filter.from")}
          type="datetime-local"
          value={value.from}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TextInput
          label={t("filter.to")}
          type="datetime-local"
          value={value.to}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
        {word("browser", "Chromium")}
        {word("os", "Linux")}
      </div>
      <Checkbox
        mt="sm"
        size="sm"
        label={t("filter.errors")}
        checked={value.errors}
        onChange={(event) => change({ errors: event.currentTarget.checked })}
      />
    </Input.Wrapper>
  );
}
