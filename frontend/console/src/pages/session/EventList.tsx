import { Chip, Tooltip, UnstyledButton } from "@mantine/core";
import { RowsSkeleton } from "@sealtape/ui";
import {
  type Icon,
  IconAlertTriangle,
  IconArrowsExchange,
  IconBracketsContain,
  IconBrowser,
  IconClick,
  IconListSearch,
  IconTerminal2,
  IconZoomExclamation,
} from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { useSpeech } from "../../i18n/context";
import type { FeedState } from "../../recording/feed";
import { clock } from "../../recording/format";
import { isFailure, type ItemKind, type TapeItem } from "../../recording/items";
import { sentence } from "../../recording/sentences";
import { SHOWS, type Show } from "./search";
import classes from "./events.module.css";

const ICONS: Readonly<Record<ItemKind, Icon>> = {
  action: IconClick,
  navigation: IconBrowser,
  network: IconArrowsExchange,
  console: IconTerminal2,
  error: IconAlertTriangle,
  gap: IconZoomExclamation,
  custom: IconBracketsContain,
};

const ROW = 34;

function matches(item: TapeItem, show: Show | undefined): boolean {
  if (show === undefined) return true;
  // Who looks for errors also looks for what failed elsewhere.
  return show === "error" ? isFailure(item) : item.kind === show;
}

/** The last item at or before a time: where the player is. Items are in time order. */
export function currentIndex(items: readonly TapeItem[], at: number): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((items[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

interface ChoiceProps {
  /** What the list is narrowed to. */
  readonly show: Show | undefined;
  readonly onShow: (show: Show | undefined) => void;
}

function Choice({ show, onShow }: ChoiceProps) {
  const { t } = useSpeech();
  return (
    <div className={classes.choice} role="group" aria-label={t("events.show")}>
      <Chip.Group value={show ?? "all"} onChange={(value) => onShow(SHOWS.find((each) => each === value))}>
        <Chip value="all" size="xs">
          {t("events.all")}
        </Chip>
        {SHOWS.map((each) => (
          <Chip key={each} value={each} size="xs">
            {t(`events.${each}`)}
          </Chip>
        ))}
      </Chip.Group>
    </div>
  );
}

interface RowProps {
  readonly item: TapeItem;
  readonly start: number;
  readonly current: boolean;
  readonly tabs: boolean;
  readonly seek: (ms: number) => void;
}

/** From one error to every session that had it. */
function SameError({ item }: { readonly item: TapeItem }) {
  const { t } = useSpeech();
  if (item.kind !== "error" || item.fingerprint === undefined) return null;
  return (
    <Tooltip label={t("events.same-error")}>
      <Link
        to="/sessions"
        search={{ error: item.fingerprint }}
        className={classes.same}
        aria-label={t("events.same-error")}
      >
        <IconListSearch size={16} stroke={1.6} aria-hidden />
      </Link>
    </Tooltip>
  );
}

function Row({ item, start, current, tabs, seek }: RowProps) {
  const { t, language } = useSpeech();
  const failed = isFailure(item);
  const ItemIcon = failed ? IconAlertTriangle : ICONS[item.kind];
  const tone = failed ? "danger" : item.kind === "gap" ? "warning" : item.kind;
  return (
    <UnstyledButton
      className={classes.row}
      data-row-link
      data-tone={tone}
      data-current={current || undefined}
      aria-current={current ? "true" : undefined}
      onClick={() => seek(item.at)}
    >
      <span className={classes.at}>{clock(item.at - start)}</span>
      <ItemIcon size={16} stroke={1.6} aria-hidden />
      <span className={classes.sentence}>
        {tabs && <span className={classes.tab}>{t("events.tab", { tab: String(item.tab + 1) })} </span>}
        {failed && <span className="st-visually-hidden">{t("events.failed")} </span>}
        {sentence(item, t, language)}
      </span>
    </UnstyledButton>
  );
}

interface EventListProps extends ChoiceProps {
  readonly feed: FeedState;
  readonly start: number;
  readonly at: number;
  readonly seek: (ms: number) => void;
  /** Whether the reader is where other sessions are: then an error leads to those that had it too. */
  readonly among?: boolean;
}

/** What happened, in plain sentences; a click goes there. */
export function EventList({ feed, start, at, show, onShow, seek, among = false }: EventListProps) {
  const { t } = useSpeech();
  const scroller = useRef<HTMLDivElement>(null);
  const items = useMemo(() => feed.items.filter((item) => matches(item, show)), [feed.items, show]);
  const tabs = useMemo(() => new Set(feed.items.map((item) => item.tab)).size > 1, [feed.items]);
  const current = currentIndex(items, at);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
  });

  // The list follows the player, unless the reader is in it.
  useEffect(() => {
    const reading = scroller.current?.matches(":hover, :focus-within") === true;
    if (current >= 0 && !reading) rows.scrollToIndex(current, { align: "center" });
  }, [rows, current]);

  return (
    <>
      <Choice show={show} onShow={onShow} />
      {feed.phase === "loading" && feed.items.length === 0 ? (
        <RowsSkeleton rows={8} />
      ) : items.length === 0 ? (
        <p className={classes.nothing}>{show === undefined ? t("events.none") : t("events.none-shown")}</p>
      ) : (
        <div ref={scroller} className={classes.scroller}>
          <ol className={classes.list} style={{ height: rows.getTotalSize() }}>
            {rows.getVirtualItems().map((virtual) => {
              const item = items[virtual.index];
              return (
                item !== undefined && (
                  <li
                    key={virtual.key}
                    ref={rows.measureElement}
                    data-index={virtual.index}
                    aria-posinset={virtual.index + 1}
                    aria-setsize={items.length}
                    className={classes.item}
                    style={{ transform: `translateY(${virtual.start}px)` }}
                  >
                    {among && <SameError item={item} />}
                    <Row item={item} start={start} current={virtual.index === current} tabs={tabs} seek={seek} />
                  </li>
                )
              );
            })}
          </ol>
        </div>
      )}
    </>
  );
}
