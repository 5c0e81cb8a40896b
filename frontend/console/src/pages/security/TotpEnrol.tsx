import { Button, Group, Skeleton, Stack, TextInput } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { ApiError, type TotpEnrolment } from "@sealtape/api-client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { beginTotp, confirmTotp } from "../../api/account";
import { Dialog } from "../../components/Dialog";
import { FormError } from "../../components/FormError";
import { Problem } from "../../components/Problem";
import { Qr } from "../../components/Qr";
import { useSpeech } from "../../i18n/context";
import classes from "./security.module.css";

interface TotpEnrolProps {
  readonly onClose: () => void;
  readonly onEnrolled: () => void;
}

/** A secret as it is read and typed: in fours. */
const inFours = (secret: string): string => secret.match(/.{1,4}/g)?.join(" ") ?? secret;

function Steps({ enrolment, onClose, onEnrolled }: TotpEnrolProps & { readonly enrolment: TotpEnrolment }) {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const [code, setCode] = useState("");
  const [missing, setMissing] = useState(false);
  const clipboard = useClipboard({ timeout: 1500 });
  const confirm = useMutation({
    mutationFn: () => confirmTotp(code.trim()),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: ["account", "factors"] });
      onClose();
      onEnrolled();
    },
    onError: () => setCode(""),
  });
  const wrong = confirm.error instanceof ApiError && confirm.error.code === "factor-wrong";
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setMissing(code.trim() === "");
        if (code.trim() !== "") confirm.mutate();
      }}
    >
      <ol className={classes.steps}>
        <li>
          <p>{t("totp.scan")}</p>
          <div className={classes.qr}>
            <Qr text={enrolment.uri} label={t("totp.qr")} />
          </div>
          <p className={classes.secretLine}>
            {t("totp.type")}
            <span className={classes.secret} data-secret>
              {inFours(enrolment.secret)}
            </span>
            <Button variant="subtle" size="compact-sm" onClick={() => clipboard.copy(enrolment.secret)}>
              {clipboard.copied ? t("copied") : t("totp.copy")}
            </Button>
          </p>
        </li>
        <li>
          <TextInput
            label={t("totp.code")}
            description={t("totp.code.hint")}
            value={code}
            data-autofocus
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={9}
            error={
              missing && code.trim() === ""
                ? t("factor.totp.missing")
                : wrong && code === ""
                  ? t("totp.wrong")
                  : undefined
            }
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        </li>
      </ol>
      <Stack>
        {!wrong && <FormError error={confirm.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" loading={confirm.isPending}>
            {t("totp.do")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** Sets up an authenticator app: the secret as a code to scan and as text, then one of its codes. */
export function TotpEnrol({ onClose, onEnrolled }: TotpEnrolProps) {
  const { t } = useSpeech();
  const begun = useQuery({
    queryKey: ["account", "totp-enrolment"],
    queryFn: beginTotp,
    // Asking again would drop the secret that the app has just read, and keeping it would outlive the dialog.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });
  return (
    <Dialog opened onClose={onClose} title={t("security.totp.enrol.title")} closeOnClickOutside={false}>
      {begun.isPending && <Skeleton height={320} />}
      {begun.isError && <Problem error={begun.error} onRetry={() => void begun.refetch()} />}
      {begun.isSuccess && <Steps enrolment={begun.data} onClose={onClose} onEnrolled={onEnrolled} />}
    </Dialog>
  );
}
