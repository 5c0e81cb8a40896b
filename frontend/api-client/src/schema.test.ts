import { readFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";
import { BANNER } from "../generate.mjs";

const openapi = new URL("../../../openapi.json", import.meta.url);
const schema = new URL("./schema.d.ts", import.meta.url);

// The types a surface compiles against are the interface the server publishes.
it("schema.d.ts is what openapi.json gives; run `npm run generate -w @sealtape/api-client` when it is not", async () => {
  const generated = BANNER + astToString(await openapiTS(openapi));
  expect(await readFile(schema, "utf8")).toBe(generated);
});
