import { Button, Checkbox, Collapse, NumberInput, Select, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { filterCount, RANGES, type SessionFilters, STATES } from "../../api/filters";
import { projectsQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { TextFilter } from "../../components/TextFilter";
import { useSpeech } from "../../i18n/context";
import classes from "./sessions.module.css";

/** Changes filters in the URL; a changed filter starts at the first page. */
export type ChangeFilters = (change: Partial<SessionFilters>) => void;

function TimeRange({ filters, change }: { readonly filters: SessionFilters; readonly change: ChangeFilters }) {
  const { t } = useSpeech();
  const custom = filters.from !== undefined || filters.to !== undefined;
  return (
    <Select
      label={t("filter.time")}
      value={custom ? "custom" : (filters.range ?? "any")}
      allowDeselect={false}
      checkIconPosition="right"
      data={[
        { value: "any", label: t("filter.range.any") },
        ...RANGES.map((range) => ({ value: range, label: t(`filter.range.${range}`) })),
        ...(custom ? [{ value: "custom", label: t("filter.range.custom") }] : []),
      ]}
      onChange={(value) => {
        const range = RANGES.find((each) => each === value);
        change({ range, from: undefined, to: undefined });
      }}
    />
  );
}

function ProjectFilter({ filters, change }: { readonly filters: SessionFilters; readonly change: ChangeFilters }) {
  const { t } = useSpeech();
  const { data } = useQuery(projectsQuery());
  return (
    <Select
      label={t("filter.project")}
      value={filters.project ?? null}
      placeholder={t("filter.any")}
      clearable
      clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("filter.project") }) }}
      data={(data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))}
      onChange={(project) => change({ project: project ?? undefined })}
    />
  );
}

function MoreFilters({ filters, change }: { readonly filters: SessionFilters; readonly change: ChangeFilters }) {
  const { t } = useSpeech();
  return (
    <div className={classes.fields}>
      <TextFilter
        label={t("filter.release")}
        value={filters.release}
        placeholder="2026.11.*"
        onCommit={(release) => change({ release })}
      />
      <TextFilter
        label={t("filter.browser")}
        value={filters.browser}
        placeholder="Chromium"
        onCommit={(browser) => change({ browser })}
      />
      <TextFilter label={t("filter.os")} value={filters.os} placeholder="Linux" onCommit={(os) => change({ os })} />
      <TextFilter
        label={t("filter.origin")}
        value={filters.origin}
        placeholder="https://shop.example"
        onCommit={(origin) => change({ origin })}
      />
      <TextFilter label={t("filter.error")} value={filters.error} onCommit={(error) => change({ error })} />
      <NumberInput
        label={t("filter.min")}
        size="sm"
        min={0}
        value={filters.min ?? ""}
        hideControls
        onBlur={(event) => {
          const min = Number.parseInt(event.currentTarget.value, 10);
          change({ min: Number.isNaN(min) || min <= 0 ? undefined : min });
        }}
      />
      <TextInput
        label={t("filter.from")}
        type="datetime-local"
        value={filters.from ?? ""}
        onChange={(event) => change({ from: event.currentTarget.value || undefined, range: undefined })}
      />
      <TextInput
        label={t("filter.to")}
        type="datetime-local"
        value={filters.to ?? ""}
        onChange={(event) => change({ to: event.currentTarget.value || undefined, range: undefined })}
      />
    </div>
  );
}

const MORE: readonly (keyof SessionFilters)[] = ["release", "browser", "os", "origin", "error", "min", "from", "to"];

/** All filters of the session list. */
export function Filters({ filters, change }: { readonly filters: SessionFilters; readonly change: ChangeFilters }) {
  const { t, tn } = useSpeech();
  const can = useCan();
  const hidden = MORE.filter((field) => filters[field] !== undefined).length;
  const [more, moreState] = useDisclosure(hidden > 0);
  const count = filterCount(filters);
  return (
    <div role="search" className={classes.filters}>
      <div className={classes.fields}>
        <TextFilter
          search
          label={t("filter.url")}
          value={filters.url}
          placeholder={t("filter.url.hint")}
          onCommit={(url) => change({ url })}
        />
        <TimeRange filters={filters} change={change} />
        {can("project.list") && <ProjectFilter filters={filters} change={change} />}
        <Select
          label={t("filter.state")}
          value={filters.state ?? null}
          placeholder={t("filter.any")}
          clearable
          clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("filter.state") }) }}
          data={STATES.map((state) => ({ value: state, label: t(`state.${state}`) }))}
          onChange={(value) => change({ state: STATES.find((state) => state === value) })}
        />
      </div>
      <div className={classes.filterLine}>
        <Checkbox
          size="sm"
          label={t("filter.errors")}
          checked={filters.errors === true}
          onChange={(event) => change({ errors: event.currentTarget.checked ? true : undefined })}
        />
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
          onClick={moreState.toggle}
          aria-expanded={more}
        >
          {hidden > 0 ? tn("filter.more-set", hidden) : t("filter.more")}
        </Button>
        {count > 0 && (
          <Button
            variant="subtle"
            size="compact-sm"
            leftSection={<IconX size={16} aria-hidden />}
            onClick={() => change(Object.fromEntries(Object.keys(filters).map((field) => [field, undefined])))}
          >
            {tn("filter.clear", count)}
          </Button>
        )}
      </div>
      <Collapse expanded={more}>
        <MoreFilters key={String(filters.min)} filters={filters} change={change} />
      </Collapse>
    </div>
  );
}
