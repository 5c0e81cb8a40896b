import { Button, Checkbox, Group, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createApiKey } from "../../api/people";
import { byResource } from "../../api/permissions";
import { permissionsQuery, projectsQuery } from "../../api/queries";
import { useCan } from "../../components/access";
import { Dialog } from "../../components/Dialog";
import { DialogEnd } from "../../components/DialogEnd";
import { CodeBlock } from "../../components/Snippet";
import { useSpeech } from "../../i18n/context";
import { readNetworks } from "./networks";
import classes from "./people.module.css";

const DAY_MS = 86_400_000;

/** How long a key may be good, in days; a year is the most. */
const DAYS = ["7", "30", "90", "180", "365"] as const;

/** The day `days` from now. A year is shortened by an hour: clocks differ, and the server refuses more than a year. */
function inDays(days: number): string {
  return new Date(Date.now() + days * DAY_MS - (days === 365 ? DAY_MS / 24 : 0)).toISOString();
}

/** The new key, which is shown this once. */
function Shown({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const { t } = useSpeech();
  return (
    <Stack>
      <Text>{t("api-key.shown")}</Text>
      <CodeBlock code={secret} label={t("api-key.secret")} />
      <Group justify="flex-end">
        <Button onClick={onClose} data-autofocus>
          {t("api-key.kept")}
        </Button>
      </Group>
    </Stack>
  );
}

interface KeyFields {
  name: string;
  scopes: string[];
  project: string | null;
  networks: string;
  days: string;
}

/** Makes an API key: what for, for which actions, from where, for how long. */
export function ApiKeyCreate({ onClose }: { readonly onClose: () => void }) {
  const { t, tn } = useSpeech();
  const can = useCan();
  const cache = useQueryClient();
  const { data: permissions } = useSuspenseQuery(permissionsQuery());
  const projects = useQuery({ ...projectsQuery(), enabled: can("project.list") });
  const form = useForm<KeyFields>({
    initialValues: { name: "", scopes: [], project: null, networks: "", days: "90" },
    validate: {
      name: (value) => (value.trim() === "" ? t("api-key.name.missing") : null),
      scopes: (value) => (value.length === 0 ? t("api-key.scopes.missing") : null),
      networks: (value) => {
        const [wrong] = readNetworks(value).wrong;
        return wrong === undefined ? null : t("api-key.networks.wrong", { entry: wrong });
      },
    },
  });
  const create = useMutation({
    mutationFn: (values: KeyFields) =>
      createApiKey({
        name: values.name.trim(),
        scopes: values.scopes,
        networks: [...readNetworks(values.networks).networks],
        expires_at: inDays(Number(values.days)),
        ...(values.project === null ? {} : { project_id: values.project }),
      }),
    // The secret is shown once: nothing of it stays in the cache.
    gcTime: 0,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["api-keys"] }),
  });
  const shown = create.data !== undefined;
  return (
    <Dialog
      opened
      onClose={onClose}
      title={shown ? t("api-key.secret") : t("api-key.create")}
      size="lg"
      closeOnClickOutside={false}
      closeOnEscape={!shown}
      withCloseButton={!shown}
    >
      {shown ? (
        <Shown secret={create.data.key} onClose={onClose} />
      ) : (
        <form noValidate onSubmit={form.onSubmit((values) => create.mutate(values))}>
          <Stack>
            <TextInput
              label={t("api-key.name")}
              description={t("api-key.name.hint")}
              maxLength={80}
              data-autofocus
              autoComplete="off"
              {...form.getInputProps("name")}
            />
            <Checkbox.Group
              label={t("api-key.scopes")}
              description={t("api-key.scopes.hint")}
              {...form.getInputProps("scopes")}
            >
              <div className={classes.scopes}>
                {byResource([...permissions].sort()).map(([object, actions]) => (
                  <div key={object} className={classes.scopeGroup}>
                    {actions.map((action) => (
                      <Checkbox key={action} value={action} label={<span className="st-mono">{action}</span>} />
                    ))}
                  </div>
                ))}
              </div>
            </Checkbox.Group>
            {can("project.list") && (
              <Select
                label={t("api-key.project")}
                description={t("api-key.project.hint")}
                placeholder={t("api-key.project.any")}
                clearable
                clearButtonProps={{ "aria-label": t("filter.clear-field", { field: t("api-key.project") }) }}
                data={(projects.data?.items ?? []).map((project) => ({ value: project.id, label: project.name }))}
                {...form.getInputProps("project")}
              />
            )}
            <Textarea
              label={t("api-key.networks")}
              description={t("api-key.networks.hint")}
              placeholder="203.0.113.0/24"
              autosize
              minRows={2}
              {...form.getInputProps("networks")}
            />
            <Select
              label={t("api-key.for")}
              data={DAYS.map((days) => ({ value: days, label: tn("api-key.days", Number(days)) }))}
              allowDeselect={false}
              {...form.getInputProps("days")}
            />
            <DialogEnd
              submit={t("api-key.create.do")}
              pending={create.isPending}
              error={create.error}
              onCancel={onClose}
            />
          </Stack>
        </form>
      )}
    </Dialog>
  );
}
