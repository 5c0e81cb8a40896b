import { Alert, Button, Group, Text, Title } from "@mantine/core";
import { CopyId } from "@sealtape/ui";
import { IconDownload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { auditHealthQuery, checkpointsQuery } from "../../api/audit";
import { Ago } from "../../components/Ago";
import { Covered } from "../../components/Covered";
import { Facts } from "../../components/Facts";
import { CodeBlock } from "../../components/Snippet";
import { TypedConfirm } from "../../components/TypedConfirm";
import { useSpeech } from "../../i18n/context";
import { toBase64 } from "../../ledger/bytes";
import type { Checkpoint } from "../../ledger/checkpoint";
import { forgetCheckpoint } from "../../ledger/pins";
import { download } from "../security/download";
import classes from "./audit.module.css";
import type { SeenStep } from "./continuity";
import { CheckedSteps } from "./Proof";
import type { Checked } from "./useProof";

/** Keeps a signed note as a file. */
const keep = ({ text, size }: Checkpoint): void => download(`sealtape-checkpoint-${String(size)}.txt`, text);

/** Says that the log does not continue what this browser saw, and what to do. */
function Alarm({ step, tenant, onForgotten }: AlarmProps) {
  const { t } = useSpeech();
  const [forgetting, setForgetting] = useState(false);
  const earlier = step.pin?.checkpoint;
  return (
    <Alert
      color="danger"
      variant="light"
      role="alert"
      title={t("checkpoint.alarm.title")}
      className={classes.alarm ?? ""}
    >
      <Text size="sm">{t("checkpoint.alarm.text")}</Text>
      <Group mt={12}>
        {earlier !== undefined && (
          <Button variant="default" onClick={() => keep(earlier)}>
            {t("checkpoint.alarm.save")}
          </Button>
        )}
        <Button variant="subtle" color="danger" onClick={() => setForgetting(true)}>
          {t("checkpoint.forget")}
        </Button>
      </Group>
      {forgetting && (
        <TypedConfirm
          title={t("checkpoint.forget.title")}
          word={t("checkpoint.forget.word")}
          submit={t("checkpoint.forget")}
          pending={false}
          error={null}
          onConfirm={() => {
            forgetCheckpoint(localStorage, tenant);
            setForgetting(false);
            onForgotten();
          }}
          onClose={() => setForgetting(false)}
        >
          <Text>{t("checkpoint.forget.text")}</Text>
        </TypedConfirm>
      )}
    </Alert>
  );
}

interface AlarmProps {
  readonly step: SeenStep;
  readonly tenant: string;
  readonly onForgotten: () => void;
}

interface NewestProps {
  readonly checkpoint: Checkpoint;
  readonly checked: Checked;
  readonly tenant: string;
  readonly onForgotten: () => void;
}

/** The newest checkpoint: what it says, whether it holds, and the note to keep. */
export function Newest({ checkpoint, checked, tenant, onForgotten }: NewestProps) {
  const { t, tn } = useSpeech();
  const list = useQuery(checkpointsQuery(undefined));
  const { data: health } = useQuery(auditHealthQuery());
  const signed = list.data?.items.find(
    ({ size, root }) => size === checkpoint.size && root === toBase64(checkpoint.root),
  );
  const seen = checked.at === "done" ? checked.steps.find((step): step is SeenStep => step.id === "seen") : undefined;
  return (
    <>
      {seen?.state === "broken" && <Alarm step={seen} tenant={tenant} onForgotten={onForgotten} />}
      <div className={classes.columns}>
        <section className={`st-panel ${classes.card ?? ""}`} aria-labelledby="newest">
          <div className={classes.cardHead}>
            <Title order={2} id="newest">
              {t("checkpoint.newest")}
            </Title>
            <Button
              variant="default"
              leftSection={<IconDownload size={16} aria-hidden />}
              onClick={() => keep(checkpoint)}
            >
              {t("checkpoint.download")}
            </Button>
          </div>
          <p className={classes.big}>
            {tn("health.entries", checkpoint.size)}
            {signed !== undefined && (
              <span className={classes.dimmed}>
                {t("checkpoint.signed")} <Ago at={signed.signed_at} />
              </span>
            )}
          </p>
          {health !== undefined && (
            <p className={classes.covered}>
              <Covered by="witnessed" covered={health.witnessed} />
              <Covered by="anchored" covered={health.anchored} />
            </p>
          )}
          <CodeBlock code={checkpoint.text} label={t("checkpoint.note")} />
          <Facts
            facts={[
              [t("checkpoint.origin"), <CopyId value={checkpoint.origin} label={t("checkpoint.origin")} />],
              [t("checkpoint.root"), <CopyId value={toBase64(checkpoint.root)} label={t("checkpoint.root")} />],
            ]}
          />
        </section>
        <section className={`st-panel ${classes.card ?? ""}`} aria-labelledby="newest-proof">
          <Title order={2} id="newest-proof">
            {t("proof.title")}
          </Title>
          <p className={classes.text}>{t("proof.text")}</p>
          <CheckedSteps
            checked={checked}
            label={t("proof.steps")}
            words={(verdict) => t(`checkpoint.state.${verdict}`)}
          />
        </section>
      </div>
    </>
  );
}
