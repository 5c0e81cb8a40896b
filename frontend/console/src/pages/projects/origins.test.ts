import { describe, expect, it } from "vitest";
import { readAgentScript } from "../../api/queries";
import { installSnippet } from "../../components/snippet-text";
import { readOrigins } from "./origins";

describe("origins", () => {
  it("are read one per line, without doubles and a last slash", () => {
    expect(readOrigins("https://shop.example/\n http://127.0.0.1:8081 \nhttps://shop.example")).toEqual({
      origins: ["https://shop.example", "http://127.0.0.1:8081"],
      wrong: [],
    });
  });

  it.each(["shop.example", "https://shop.example/cart", "javascript:alert(1)", "https://*.example/x", "file:///x"])(
    "refuse %s",
    (entry) => {
      expect(readOrigins(entry)).toEqual({ origins: [], wrong: [entry] });
    },
  );
});

describe("the install snippet", () => {
  it("pins the agent by its hash and comes from this server", () => {
    const script = readAgentScript({ file: "sealtape.0a.js", integrity: "sha384-x", bytes: 1, gzip: 1 });
    expect(script && installSnippet("https://console.example", script, "st_agent_1")).toBe(
      '<script src="https://console.example/agent/sealtape.0a.js" integrity="sha384-x"\n' +
        '        crossorigin="anonymous" data-key="st_agent_1"></script>',
    );
    expect(readAgentScript({ file: "sealtape.js" })).toBeUndefined();
  });
});
