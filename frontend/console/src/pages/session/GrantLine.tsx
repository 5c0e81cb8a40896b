import type { Grant } from "@sealtape/api-client";
import { IconKey } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { Remaining } from "../../components/Remaining";
import { useSpeech } from "../../i18n/context";
import classes from "./session.module.css";

/** What this session is open under, and how long that lasts. */
export function GrantLine({ grant }: { readonly grant: Grant }) {
  const { t } = useSpeech();
  return (
    <div className={classes.grantLine}>
      <IconKey size={16} stroke={1.6} aria-hidden />
      <span>
        {t("under-grant.text")}{" "}
        <Link to="/access/requests/$requestId" params={{ requestId: grant.id }}>
          {grant.ticket}
        </Link>
      </span>
      <span className={classes.grantTime}>{grant.expires_at !== null && <Remaining until={grant.expires_at} />}</span>
    </div>
  );
}
