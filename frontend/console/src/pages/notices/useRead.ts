import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { readNotices } from "../../api/notices";
import { problemLine } from "../../components/Problem";
import { useSpeech } from "../../i18n/context";

/** Marks notices as read, wherever they are shown. */
export function useRead() {
  const { t } = useSpeech();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: readNotices,
    onSuccess: () => cache.invalidateQueries({ queryKey: ["notices"] }),
    onError: (error) => {
      notifications.show({ color: "danger", message: problemLine(error, t) });
    },
  });
}
