import type { Download, Export } from "@sealtape/api-client";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { bundleName, openBundleStream, renewExports } from "../../../api/exports";
import { chooseTarget, type Progress, save } from "../../../export/save";

/** Where the download of an export stands. */
export type DownloadState =
  | { readonly at: "idle" }
  | { readonly at: "running"; readonly progress: Progress | undefined }
  | { readonly at: "stopped" }
  | { readonly at: "done" }
  | { readonly at: "failed"; readonly error: unknown };

/** The download of an export, and what can be done about it. */
export interface ExportDownload {
  readonly state: DownloadState;
  readonly start: () => void;
  readonly stop: () => void;
}

interface Wanted {
  /** What the file is called. */
  readonly name: string;
  readonly open: (signal: AbortSignal) => Promise<Download>;
  /** Whatever came of it. */
  readonly after: () => Promise<void>;
}

/** Downloads a file. It ends with the page that shows it. */
export function useFileDownload({ name, open, after }: Wanted): ExportDownload {
  const [state, setState] = useState<DownloadState>({ at: "idle" });
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (abort: AbortController): Promise<void> => {
    try {
      const target = await chooseTarget(name);
      if (target === undefined) {
        setState({ at: "idle" });
        return;
      }
      setState({ at: "running", progress: undefined });
      await save(open, target, abort.signal, (progress) => setState({ at: "running", progress }));
      setState({ at: "done" });
    } catch (error) {
      setState(abort.signal.aborted ? { at: "stopped" } : { at: "failed", error });
    } finally {
      running.current = undefined;
    }
    // It was counted, whatever came of it.
    await after();
  };
  return {
    state,
    start: () => {
      if (running.current !== undefined) return;
      running.current = new AbortController();
      void run(running.current);
    },
    stop: () => running.current?.abort(),
  };
}

/** Downloads an export's file. */
export function useDownload(exported: Export): ExportDownload {
  const cache = useQueryClient();
  return useFileDownload({
    name: bundleName(exported),
    open: (signal) => openBundleStream(exported, signal),
    after: () => renewExports(cache, exported.session_id),
  });
}
