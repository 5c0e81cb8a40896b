import { Button, Checkbox } from "@mantine/core";
import type { Notice } from "@sealtape/api-client";
import { EmptyState, PageHeader, RelativeTime, RowsSkeleton, StateBadge } from "@sealtape/ui";
import { IconBell, IconChecks, IconCircleFilled, IconSettings } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { noticesQuery } from "../../api/notices";
import { Page } from "../../app/Page";
import { Problem } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";
import { noticeIcon, noticePath, noticeWord } from "./kinds";
import { NoticeLink } from "./NoticeLink";
import classes from "./notices.module.css";
import { useRead } from "./useRead";

const route = getRouteApi("/app/notices");

function NoticeRow({ notice, onRead }: { readonly notice: Notice; readonly onRead: () => void }) {
  const { t } = useSpeech();
  const NoticeIcon = noticeIcon(notice.kind);
  const unread = notice.read_at === null;
  const word = noticeWord(notice.kind, t);
  return (
    <li className={classes.notice} data-unread={unread ? true : undefined}>
      <NoticeIcon size={20} stroke={1.5} aria-hidden className={classes.icon} />
      <div className={classes.words}>
        {noticePath(notice) === undefined ? (
          <span className={classes.word}>{word}</span>
        ) : (
          <NoticeLink notice={notice} className={classes.word} data-row-link onClick={unread ? onRead : undefined}>
            {word}
          </NoticeLink>
        )}
        <span className={classes.when}>
          <RelativeTime at={notice.created_at} />
        </span>
      </div>
      {unread && (
        <>
          <StateBadge tone="active" icon={IconCircleFilled}>
            {t("notices.new")}
          </StateBadge>
          <Button variant="subtle" size="compact-sm" onClick={onRead}>
            {t("notices.read")}
            <span className="st-visually-hidden">: {word}</span>
          </Button>
        </>
      )}
    </li>
  );
}

function Nothing({ unread }: { readonly unread: boolean }) {
  const { t } = useSpeech();
  return (
    <EmptyState
      icon={IconBell}
      title={unread ? t("notices.none-unread.title") : t("notices.none.title")}
      action={
        unread ? (
          <Button variant="default" renderRoot={(props: object) => <Link to="/notices" {...props} />}>
            {t("notices.show-all")}
          </Button>
        ) : (
          <Button variant="default" renderRoot={(props: object) => <Link to="/notices/preferences" {...props} />}>
            {t("notices.preferences")}
          </Button>
        )
      }
    >
      {unread ? t("notices.none-unread.text") : t("notices.none.text")}
    </EmptyState>
  );
}

function Inbox() {
  const { t } = useSpeech();
  const search = route.useSearch();
  const notices = useQuery(noticesQuery(search));
  const read = useRead();
  if (notices.isPending) return <RowsSkeleton rows={5} />;
  if (notices.isError) return <Problem error={notices.error} onRetry={() => void notices.refetch()} />;
  const { items, next_cursor: next } = notices.data;
  if (items.length === 0) return <Nothing unread={search.unread === true} />;
  return (
    <>
      <ul className={classes.notices} aria-label={t("notices.title")}>
        {items.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} onRead={() => read.mutate([notice.id])} />
        ))}
      </ul>
      {(next !== null || search.cursor !== undefined) && (
        <nav className={classes.pages} aria-label={t("pages.label")}>
          {search.cursor !== undefined && (
            <Link to="/notices" search={{ unread: search.unread }}>
              {t("pages.newest")}
            </Link>
          )}
          {next !== null && (
            <Link to="/notices" search={{ unread: search.unread, cursor: next }}>
              {t("pages.older")}
            </Link>
          )}
        </nav>
      )}
    </>
  );
}

function ReadAll() {
  const { t } = useSpeech();
  const notices = useQuery(noticesQuery(route.useSearch()));
  const read = useRead();
  if ((notices.data?.unread ?? 0) === 0) return null;
  return (
    <Button
      variant="default"
      leftSection={<IconChecks size={16} aria-hidden />}
      loading={read.isPending}
      onClick={() => read.mutate("all")}
    >
      {t("notices.read-all")}
    </Button>
  );
}

/** The inbox: what happened that concerns the reader. */
export function NoticesPage() {
  const { t } = useSpeech();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page title={t("notices.title")}>
      <div className={classes.page}>
        <PageHeader
          title={t("notices.title")}
          description={t("notices.text")}
          actions={
            <>
              <ReadAll />
              <Button
                variant="default"
                leftSection={<IconSettings size={16} aria-hidden />}
                renderRoot={(props: object) => <Link to="/notices/preferences" {...props} />}
              >
                {t("notices.preferences")}
              </Button>
            </>
          }
        />
        <Checkbox
          mb="md"
          label={t("notices.only-unread")}
          checked={search.unread === true}
          onChange={(event) => {
            void navigate({ search: { unread: event.currentTarget.checked ? true : undefined } });
          }}
        />
        <div className="st-panel">
          <Inbox />
        </div>
      </div>
    </Page>
  );
}
