import { StateBadge } from "@sealtape/ui";
import { IconBroadcast, IconPlugConnectedX, IconRefresh } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Tooltip } from "@mantine/core";
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from "react";
import { api } from "../api/api";
import { connectLive, type Live, type LiveStatus } from "../api/live";
import { liveCache } from "../api/live-cache";
import { useSpeech } from "../i18n/context";

const status = createContext<LiveStatus>("connecting");

const idle: Live["status"] = { get: () => "connecting", subscribe: () => () => undefined };

/** Keeps the live list connected while somebody is signed in; `member` is who. */
export function LiveProvider({ member, children }: { readonly member: string; readonly children: ReactNode }) {
  const cache = useQueryClient();
  const [live, setLive] = useState<Live>();
  useEffect(() => {
    const connected = connectLive(api, member, liveCache(cache));
    setLive(connected);
    return connected.close;
  }, [cache, member]);
  const source = live?.status ?? idle;
  return <status.Provider value={useSyncExternalStore(source.subscribe, source.get)}>{children}</status.Provider>;
}

/** Whether changes arrive by themselves. */
export function LiveSign() {
  const { t } = useSpeech();
  const current = use(status);
  switch (current) {
    case "live":
      return (
        <Tooltip label={t("live.on.hint")}>
          <span>
            <StateBadge tone="active" icon={IconBroadcast}>
              {t("live.on")}
            </StateBadge>
          </span>
        </Tooltip>
      );
    case "connecting":
    case "reconnecting":
      return (
        <StateBadge tone="neutral" icon={IconRefresh}>
          {t("live.joining")}
        </StateBadge>
      );
    case "refused":
      return (
        <Tooltip label={t("live.off.hint")}>
          <span>
            <StateBadge tone="warning" icon={IconPlugConnectedX}>
              {t("live.off")}
            </StateBadge>
          </span>
        </Tooltip>
      );
  }
}
