import type { AgentScript } from "../api/queries";

/** The agent's two lines for a page, from the server at `origin`. No inline script: a strict policy allows it as well. */
export function installSnippet(origin: string, script: AgentScript, key: string): string {
  const src = new URL(script.file, `${origin}/agent/`).href;
  return [
    `<script src="${src}" integrity="${script.integrity}"`,
    `        crossorigin="anonymous" data-key="${key}"></script>`,
  ].join("\n");
}
