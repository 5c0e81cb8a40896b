import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../api/api";
import { problemLine } from "../components/Problem";
import { useSpeech } from "../i18n/context";

/** Signs out and goes to the sign-in page; nothing of what was shown stays in memory. */
export function useLeave(): () => Promise<void> {
  const { t } = useSpeech();
  const cache = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    try {
      await api.logout();
    } catch (error) {
      notifications.show({ color: "danger", message: problemLine(error, t) });
      return;
    }
    await navigate({ to: "/login" });
    cache.clear();
  };
}
