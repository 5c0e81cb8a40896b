import { Button, Radio, Stack, Text } from "@mantine/core";
import type { AuditExportFormat } from "@sealtape/api-client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { createAuditExport } from "../../../api/audit";
import { type EventFilter, eventFilterCount, eventQuery } from "../../../api/event-filters";
import { onceKey } from "../../../components/ask/once-key";
import { Dialog } from "../../../components/Dialog";
import { DialogEnd } from "../../../components/DialogEnd";
import { useSpeech } from "../../../i18n/context";
import { FilterWords } from "./FilterWords";

const FORMATS = ["log", "ocsf", "csv"] as const satisfies readonly AuditExportFormat[];

interface CreateExportProps {
  readonly filter: EventFilter;
  readonly onDropFilter: () => void;
  readonly onClose: () => void;
}

/** Begins an export: in which form, of everything or of what the events were filtered by. */
export function CreateExport({ filter, onDropFilter, onClose }: CreateExportProps) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [format, setFormat] = useState<AuditExportFormat>("log");
  // One key for all tries of this dialog: an answer that was lost begins no second export.
  const [key] = useState(onceKey);
  const [at] = useState(Date.now);
  const wanted = eventQuery(filter, at);
  const create = useMutation({
    mutationFn: () => createAuditExport(format, wanted, `${key}-${format}-${eventFilterCount(filter)}`),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["audit", "exports"] });
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("log-exports.new")} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create.mutate();
        }}
      >
        <Stack>
          <div>
            <Text fw={550} size="sm">
              {t("log-export.what")}
            </Text>
            <Text size="sm">
              <FilterWords filter={wanted} />
            </Text>
            {eventFilterCount(filter) > 0 && (
              <Button variant="subtle" size="compact-sm" ml={-8} onClick={onDropFilter}>
                {t("log-export.filter.drop")}
              </Button>
            )}
          </div>
          <Radio.Group
            label={t("log-export.format")}
            value={format}
            onChange={(value) => setFormat(FORMATS.find((each) => each === value) ?? "log")}
          >
            <Stack gap={10} mt={8}>
              {FORMATS.map((each) => (
                <Radio
                  key={each}
                  value={each}
                  label={t(`log-export.format.${each}`)}
                  description={t(`log-export.format.${each}.text`)}
                />
              ))}
            </Stack>
          </Radio.Group>
          <DialogEnd
            submit={t("log-export.begin")}
            pending={create.isPending}
            error={create.error}
            onCancel={onClose}
          />
        </Stack>
      </form>
    </Dialog>
  );
}
