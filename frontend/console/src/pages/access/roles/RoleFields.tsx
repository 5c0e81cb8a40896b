import { Button, Skeleton, Switch, TextInput } from "@mantine/core";
import { ApiError } from "@sealtape/api-client";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { reasonsQuery, roleMatrixQuery } from "../../../api/roles";
import { FormError } from "../../../components/FormError";
import { Problem } from "../../../components/Problem";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n/context";
import { ActionWords } from "./ActionWords";
import { everywhere, isRoleName, type RoleForm, seesText } from "./role-form";
import classes from "./roles.module.css";

interface RoleFieldsProps {
  readonly start: RoleForm;
  readonly submit: string;
  readonly pending: boolean;
  /** Why the last try was refused. */
  readonly error: unknown;
  /** Stands in place of the refusal where there is more to do about it than to read it. */
  readonly refusal?: ReactNode;
  readonly onSubmit: (form: RoleForm) => void;
}

/** The server's refusal of a name stands at the name. */
const refusesName = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === "name-taken" || error.errors.some(({ pointer }) => pointer === "/name"));

function Unmasked({ form, may, onChange }: { form: RoleForm; may: boolean; onChange: (unmasked: boolean) => void }) {
  const { t } = useSpeech();
  if (!may && !form.unmasked) return <p className={classes.note}>{t("own-role.unmasked.masked")}</p>;
  return (
    <Switch
      label={t("own-role.unmasked")}
      description={t("own-role.unmasked.hint")}
      checked={form.unmasked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

/** A role to make or to change: its name, whether it shows text, and what it says about each action. */
export function RoleFields({ start, submit, pending, error, refusal, onSubmit }: RoleFieldsProps) {
  const { t } = useSpeech();
  const [form, setForm] = useState(start);
  const [tried, setTried] = useState(false);
  const matrix = useQuery(roleMatrixQuery());
  const own = useQuery(reasonsQuery(undefined));
  const failed = matrix.error ?? own.error;
  if (failed !== null)
    return <Problem error={failed} onRetry={() => void Promise.all([matrix.refetch(), own.refetch()])} />;
  if (matrix.data === undefined || own.data === undefined) return <Skeleton height={480} role="status" aria-busy />;
  const named = isRoleName(form.name.trim());
  const says = Object.keys(form.says).length > 0;
  const problem = error instanceof ApiError ? error : undefined;
  const ofName = refusesName(error);
  const nameError = tried && !named ? t("own-role.name.wrong") : undefined;
  const nameRefused = problem?.code === "name-taken" ? t("problem.name-taken") : problem?.detail;
  return (
    <form
      noValidate
      className={classes.role}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (named && says) onSubmit(form);
      }}
    >
      <div className={`st-panel ${classes.head ?? ""}`}>
        <TextInput
          label={t("own-role.name")}
          description={t("own-role.name.hint")}
          maxLength={40}
          autoComplete="off"
          spellCheck={false}
          value={form.name}
          error={nameError ?? (ofName ? nameRefused : undefined)}
          onChange={(event) => setForm({ ...form, name: event.currentTarget.value })}
        />
        <Unmasked
          form={form}
          may={seesText(own.data.permissions)}
          onChange={(unmasked) => setForm({ ...form, unmasked })}
        />
      </div>
      <Section id="actions" title={t("own-role.actions")} text={t("own-role.actions.text")}>
        <ActionWords
          actions={matrix.data.actions.map(({ action }) => action)}
          allowable={everywhere(own.data.permissions)}
          value={form}
          onChange={setForm}
        />
      </Section>
      <div className={classes.end}>
        {tried && !says && (
          <p role="alert" className={classes.denies}>
            {t("own-role.empty")}
          </p>
        )}
        {refusal ?? <FormError error={ofName ? null : error} />}
        <div>
          <Button type="submit" loading={pending}>
            {submit}
          </Button>
        </div>
      </div>
    </form>
  );
}
