import { Button, Collapse, Select, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconUser, IconX } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type EventFilter, eventFilterCount, OUTCOMES } from "../../api/event-filters";
import { RANGES } from "../../api/filters";
import { membersQuery } from "../../api/people";
import { meQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { readIds } from "../../components/ask/wanted";
import { TextFilter } from "../../components/TextFilter";
import { useSpeech } from "../../i18n/context";
import sessions from "../sessions/sessions.module.css";
import { ACTS, actWord, OBJECT_KINDS, objectWord, shortId } from "./acts";
import classes from "./audit.module.css";

/** Changes filters in the URL; a changed filter starts at the first page. */
export type ChangeFilter = (change: Partial<EventFilter>) => void;

interface FilterProps {
  readonly filter: EventFilter;
  readonly change: ChangeFilter;
}

interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The choices, with what the URL names and no choice has. */
const withChosen = (choices: readonly Choice[], value: string | undefined, label: string): Choice[] =>
  value === undefined || choices.some((choice) => choice.value === value)
    ? [...choices]
    : [...choices, { value, label }];

function ActorFilter({ filter: { actor }, change }: FilterProps) {
  const { t } = useSpeech();
  const { data } = useQuery(membersQuery());
  const members = (data?.items ?? []).map(({ id, name, email }) => ({
    value: id,
    label: name ?? email ?? t("member.erased"),
  }));
  return (
    <Select
      label={t("log.filter.actor")}
      placeholder={t("filter.any")}
      searchable
      clearable
      nothingFoundMessage={t("palette.nothing")}
      clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("log.filter.actor") }) }}
      value={actor ?? null}
      data={withChosen(members, actor, shortId(actor ?? ""))}
      onChange={(value) => change({ actor: value ?? undefined })}
    />
  );
}

/** Whether a text is an act's name, which a newer server may have more of than this console. */
const isAct = (text: string): boolean => /^[a-z]+(?:-[a-z]+)*\.[a-z]+(?:-[a-z]+)*$/u.test(text);

function ActFilter({ filter: { act }, change }: FilterProps) {
  const { t } = useSpeech();
  const [typed, setTyped] = useState("");
  const label = (name: string): string => (actWord(name, t) === name ? name : `${actWord(name, t)} · ${name}`);
  const known = ACTS.map((name) => ({ value: name, label: label(name) }));
  const own = isAct(typed.trim()) ? typed.trim() : undefined;
  return (
    <Select
      label={t("log.filter.act")}
      placeholder={t("filter.any")}
      searchable
      clearable
      nothingFoundMessage={t("log.filter.act.nothing")}
      clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("log.filter.act") }) }}
      value={act ?? null}
      onSearchChange={setTyped}
      data={withChosen(withChosen(known, act, act ?? ""), own, own ?? "")}
      onChange={(value) => change({ act: value ?? undefined })}
    />
  );
}

function MoreFilters({ filter, change }: FilterProps) {
  const { t } = useSpeech();
  return (
    <div className={sessions.fields}>
      <Select
        label={t("log.filter.kind")}
        placeholder={t("filter.any")}
        clearable
        clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("log.filter.kind") }) }}
        value={filter.kind ?? null}
        data={withChosen(
          OBJECT_KINDS.map((kind) => ({ value: kind, label: objectWord(kind, t) })),
          filter.kind,
          filter.kind ?? "",
        )}
        onChange={(kind) => change({ kind: kind ?? undefined })}
      />
      <TextFilter label={t("actor.id")} value={filter.actor} onCommit={(actor) => change({ actor })} />
      <TextInput
        label={t("log.filter.from")}
        type="datetime-local"
        value={filter.from ?? ""}
        onChange={(event) => change({ from: event.currentTarget.value || undefined, range: undefined })}
      />
      <TextInput
        label={t("log.filter.to")}
        type="datetime-local"
        value={filter.to ?? ""}
        onChange={(event) => change({ to: event.currentTarget.value || undefined, range: undefined })}
      />
    </div>
  );
}

function TimeRange({ filter, change }: FilterProps) {
  const { t } = useSpeech();
  const custom = filter.from !== undefined || filter.to !== undefined;
  return (
    <Select
      label={t("log.filter.time")}
      value={custom ? "custom" : (filter.range ?? "any")}
      allowDeselect={false}
      checkIconPosition="right"
      data={[
        { value: "any", label: t("filter.range.any") },
        ...RANGES.map((range) => ({ value: range, label: t(`filter.range.${range}`) })),
        ...(custom ? [{ value: "custom", label: t("filter.range.custom") }] : []),
      ]}
      onChange={(value) => change({ range: RANGES.find((each) => each === value), from: undefined, to: undefined })}
    />
  );
}

/** What narrows the log; all but the search field at first sight. */
export function EventFilters({ filter, change }: FilterProps) {
  const { t, tn } = useSpeech();
  const can = useCan();
  const { data: me } = useSuspenseQuery(meQuery());
  const hidden = [filter.kind, filter.from, filter.to].filter((value) => value !== undefined).length;
  const [more, moreState] = useDisclosure(hidden > 0);
  const count = eventFilterCount(filter);
  return (
    <div role="search" className={classes.section}>
      <div className={classes.filterFields}>
        <TextFilter
          search
          label={t("log.filter.object")}
          placeholder={t("log.filter.object.hint")}
          value={filter.object}
          // A link to a page is as good as the id in it.
          onCommit={(object) => change({ object: readIds(object ?? "").at(-1) ?? object })}
        />
        <TimeRange filter={filter} change={change} />
        {can("member.list") && <ActorFilter filter={filter} change={change} />}
        <ActFilter filter={filter} change={change} />
        <Select
          label={t("logged.outcome")}
          placeholder={t("filter.any")}
          clearable
          clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("logged.outcome") }) }}
          value={filter.outcome ?? null}
          data={OUTCOMES.map((outcome) => ({ value: outcome, label: t(`logged.outcome.${outcome}`) }))}
          onChange={(value) => change({ outcome: OUTCOMES.find((each) => each === value) })}
        />
      </div>
      <div className={sessions.filterLine}>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          onClick={moreState.toggle}
          aria-expanded={more}
        >
          {hidden > 0 ? tn("filter.more-set", hidden) : t("filter.more")}
        </Button>
        {filter.actor === undefined && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconUser size={16} aria-hidden />}
            onClick={() => change({ actor: me.id })}
          >
            {t("log.filter.mine")}
          </Button>
        )}
        {count > 0 && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconX size={16} aria-hidden />}
            onClick={() => change(Object.fromEntries(Object.keys(filter).map((field) => [field, undefined])))}
          >
            {tn("filter.clear", count)}
          </Button>
        )}
      </div>
      <Collapse expanded={more}>
        <MoreFilters filter={filter} change={change} />
      </Collapse>
    </div>
  );
}
