import { render, screen } from "@testing-library/react";
import decodeQR from "qr/decode.js";
import { expect, it } from "vitest";
import { Qr } from "./Qr";

/** What a camera sees: the drawn path, four pixels a module. */
function photograph(svg: Element): { width: number; height: number; data: Uint8Array } {
  const side = Number(svg.getAttribute("viewBox")?.split(" ")[2]);
  const scale = 4;
  const width = side * scale;
  const data = new Uint8Array(width * width * 3).fill(255);
  const path = svg.querySelector("path")?.getAttribute("d") ?? "";
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row += 1) {
      const start = (row * width + Number(x) * scale) * 3;
      data.fill(0, start, start + Number(run) * scale * 3);
    }
  }
  return { width, height: width, data };
}

it("draws what an authenticator app reads", () => {
  const uri =
    "otpauth://totp/Sealtape:ada.lovelace%40example.com?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Sealtape";
  render(<Qr text={uri} label="code" />);
  expect(decodeQR(photograph(screen.getByRole("img", { name: "code" })))).toBe(uri);
});
