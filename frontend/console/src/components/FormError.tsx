import { Alert } from "@mantine/core";
import { problemLine, requestId } from "./Problem";
import { useSpeech } from "../i18n/context";

/** Why a form was refused, above its buttons. */
export function FormError({ error }: { readonly error: unknown }) {
  const { t } = useSpeech();
  if (error === null) return null;
  const id = requestId(error);
  return (
    <Alert color="danger" variant="light" role="alert" title={problemLine(error, t)}>
      {id !== undefined && (
        <span className="st-mono">
          {t("error.request")} {id}
        </span>
      )}
    </Alert>
  );
}
