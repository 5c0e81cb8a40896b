import type { AgentScript } from "../api/queries";

/** The agent's two lines for a page, from the server at `origin`. */
export function installSnippet(origin: string, script: AgentScript, key: string): string {
  const src = new URL(script.file, `${origin}/agent/`).href;
  return [
    `<script src="${src}" integrity="${script.integrity}" crossorigin="anonymous"></script>`,
    `<script>sealtape.init({ endpoint: "${origin}", key: "${key}" })</script>`,
  ].join("\n");
}
