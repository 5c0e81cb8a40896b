// Writes src/schema.d.ts from the committed openapi.json: `npm run generate -w @sealtape/api-client`.
import { writeFile } from "node:fs/promises";
import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

export const BANNER = "// Generated from openapi.json by `npm run generate -w @sealtape/api-client`. Do not edit.\n";

if (import.meta.url === pathToFileURL(argv[1] ?? "").href) {
  const source = new URL(argv[2] ?? "../../openapi.json", import.meta.url);
  const types = astToString(await openapiTS(source));
  await writeFile(new URL("./src/schema.d.ts", import.meta.url), BANNER + types);
}
