import { ActionIcon, Menu, Text } from "@mantine/core";
import { RelativeTime } from "@sealtape/ui";
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { latestNoticesQuery } from "../api/notices";
import { useSpeech } from "../i18n/context";
import { noticeIcon, noticeWord } from "../pages/notices/kinds";
import { NoticeLink } from "../pages/notices/NoticeLink";
import { useRead } from "../pages/notices/useRead";
import classes from "./bell.module.css";

/** More than this is not worth counting in a corner. */
const MOST = 99;

/** How many notices are unread, and the newest of them. */
export function Bell() {
  const { t, tn } = useSpeech();
  const notices = useQuery(latestNoticesQuery());
  const read = useRead();
  const unread = notices.data?.unread ?? 0;
  return (
    <Menu position="bottom-end" width={320} transitionProps={{ duration: 100 }}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          className={classes.bell}
          aria-label={unread === 0 ? t("notices.title") : tn("notices.unread", unread)}
        >
          <IconBell size={18} stroke={1.6} aria-hidden />
          {unread > 0 && (
            <span className={classes.count} aria-hidden>
              {unread > MOST ? `${String(MOST)}+` : unread}
            </span>
          )}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown className={classes.dropdown}>
        {unread === 0 ? (
          <Text size="sm" c="dimmed" className={classes.none}>
            {notices.isError ? t("notices.failed") : t("notices.nothing-new")}
          </Text>
        ) : (
          notices.data?.items.map((notice) => {
            const NoticeIcon = noticeIcon(notice.kind);
            return (
              <Menu.Item
                key={notice.id}
                renderRoot={(props: object) => <NoticeLink notice={notice} {...props} />}
                leftSection={<NoticeIcon size={18} stroke={1.6} aria-hidden />}
                onClick={() => read.mutate([notice.id])}
              >
                {noticeWord(notice.kind, t)}
                <Text component="span" size="sm" c="dimmed" className={classes.when}>
                  <RelativeTime at={notice.created_at} />
                </Text>
              </Menu.Item>
            );
          })
        )}
        <Menu.Divider />
        <Menu.Item renderRoot={(props: object) => <Link to="/notices" {...props} />}>{t("notices.all")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
