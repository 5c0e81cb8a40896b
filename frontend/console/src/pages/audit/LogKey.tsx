import { Alert, Button, Textarea } from "@mantine/core";
import { SealSign } from "@sealtape/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Section } from "../../components/Section";
import { CodeBlock } from "../../components/Snippet";
import { useSpeech } from "../../i18n/context";
import { readKey } from "../../ledger/note";
import { confirmKey, pinKey, type Trust } from "../../ledger/pins";
import classes from "./audit.module.css";
import { keyStep } from "./continuity";
import { Steps } from "./Steps";

/** What comparing a pasted key found. */
type Found = "equal" | "different" | "mistyped" | "replaced";

/** Compares what was pasted with the key that is believed, or with the new one that is to be believed. */
async function compare(tenant: string, trust: Trust, pasted: string): Promise<Found> {
  const key = await readKey(pasted);
  const now = new Date().toISOString();
  if (key === undefined) return "mistyped";
  if (key.text === trust.pin.key.text) {
    confirmKey(localStorage, tenant, trust.pin, now);
    return "equal";
  }
  // A new key is believed only by whoever got it elsewhere and finds it named by the server as well.
  if (trust.state === "changed" && key.text === trust.served?.text) {
    pinKey(localStorage, tenant, key, now, true);
    return "replaced";
  }
  return "different";
}

function Compare({ tenant, trust }: { readonly tenant: string; readonly trust: Trust }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [pasted, setPasted] = useState("");
  const comparing = useMutation({
    mutationFn: (text: string) => compare(tenant, trust, text),
    onSuccess: async (found) => {
      if (found === "equal" || found === "replaced") await cache.invalidateQueries({ queryKey: ["audit", "trust"] });
    },
  });
  const found = comparing.data;
  const changed = trust.state === "changed";
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        comparing.mutate(pasted);
      }}
    >
      <Textarea
        className={classes.note ?? ""}
        label={changed ? t("key.log.replace") : t("key.log.compare")}
        description={changed ? t("key.log.replace.text") : t("key.log.compare.hint")}
        placeholder="sealtape/…+0123abcd+AR…"
        autosize
        minRows={2}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={pasted}
        error={found === "mistyped" ? t("key.log.mistyped") : undefined}
        onChange={(event) => {
          setPasted(event.currentTarget.value);
          comparing.reset();
        }}
      />
      <div aria-live="polite">
        {(found === "equal" || found === "replaced") && <SealSign state="sealed" label={t("key.log.equal")} />}
        {found === "different" && <Alert color="danger" variant="light" title={t("key.log.different")} />}
      </div>
      <div>
        <Button type="submit" variant="default" loading={comparing.isPending}>
          {t("key.log.compare.do")}
        </Button>
      </div>
    </form>
  );
}

/** The key of the log, to compare with one that came another way. */
export function LogKey({ tenant, trust }: { readonly tenant: string; readonly trust: Trust }) {
  const { t } = useSpeech();
  return (
    <Section id="log-key" title={t("key.log.title")} text={t("key.log.text")}>
      <div className={`st-panel ${classes.card ?? ""} ${classes.stack ?? ""}`}>
        <Steps label={t("key.log.title")} steps={[keyStep(trust)]} />
        <CodeBlock code={trust.pin.key.text} label={t("key.log.believed")} />
        {trust.state === "changed" && trust.served !== undefined && (
          <>
            <strong>{t("key.log.served")}</strong>
            <CodeBlock code={trust.served.text} label={t("key.log.served")} />
          </>
        )}
        <Compare key={trust.pin.key.text} tenant={tenant} trust={trust} />
      </div>
    </Section>
  );
}
