import { SegmentedControl } from "@mantine/core";
import { IconBan, IconCheck } from "@tabler/icons-react";
import { byResource } from "../../../api/permissions";
import { useSpeech } from "../../../i18n/context";
import { OPENS_CONSOLE, type RoleForm, say, WORDS } from "./role-form";
import classes from "./roles.module.css";

interface ActionWordsProps {
  /** All actions that a role can say something about. */
  readonly actions: readonly string[];
  /** Those that the reader may do everywhere, and so can allow. */
  readonly allowable: ReadonlySet<string>;
  readonly value: RoleForm;
  readonly onChange: (value: RoleForm) => void;
}

/** What a role says about each action: nothing, that it is allowed, that it is taken away. */
export function ActionWords({ actions, allowable, value, onChange }: ActionWordsProps) {
  const { t } = useSpeech();
  return (
    <div className={classes.words}>
      {byResource(actions).map(([resource, members]) => (
        <div key={resource} className={`st-panel ${classes.wordGroup ?? ""}`}>
          {members.map((action) => {
            const said = value.says[action] ?? "leave";
            const tooMuch = !allowable.has(action) && said !== "allow";
            return (
              <div key={action} className={classes.wordLine}>
                <span className={classes.wordAction}>
                  {/* The word itself stands in the control beside it. */}
                  <span className={classes.wordMark} aria-hidden>
                    {said === "allow" && <IconCheck size={16} className={classes.yes} />}
                    {said === "deny" && <IconBan size={16} className={classes.denies} />}
                  </span>
                  <span className="st-mono">{action}</span>
                  {tooMuch && <span className={classes.note}>{t("own-role.too-much")}</span>}
                  {action === OPENS_CONSOLE && said !== "allow" && (
                    <span className={classes.note}>{t("own-role.opens-console")}</span>
                  )}
                </span>
                <SegmentedControl
                  size="xs"
                  aria-label={t("own-role.action", { action })}
                  value={said}
                  data={WORDS.filter((word) => word !== "allow" || !tooMuch).map((word) => ({
                    value: word,
                    label: t(`own-role.${word}`),
                  }))}
                  onChange={(next) => {
                    const word = WORDS.find((each) => each === next);
                    if (word !== undefined) onChange(say(value, action, word));
                  }}
                />
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
