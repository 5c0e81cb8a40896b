import { fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Language } from "../../i18n/translate";
import { openConsole } from "../../test/render";
import { EXPORT, exportFile, exportLines, keyText } from "../../test/sealer";
import { member } from "../../test/server";

const KEY = keyText(EXPORT.id, EXPORT.secret);
const named = (bytes: Uint8Array<ArrayBuffer>): File => new File([bytes], `sealtape-${EXPORT.session}.sealed`);

async function openPage(language?: Language): Promise<void> {
  openConsole("/open-export", language);
  await screen.findByRole("heading", { level: 1 });
}

function choose(file: File): void {
  const input = document.querySelector('input[type="file"]');
  if (input === null) throw new Error("no field for the file");
  fireEvent.change(input, { target: { files: [file] } });
}

async function openWith(file: File, key: string): Promise<void> {
  choose(file);
  const field = screen.getByLabelText("Its key");
  await userEvent.clear(field);
  await userEvent.click(field);
  await userEvent.paste(key);
  await userEvent.click(screen.getByRole("button", { name: "Open" }));
}

beforeEach(() => {
  member.signedIn = false;
});

describe("opening an export", () => {
  it("plays it without a sign-in, and says what it is", async () => {
    await openPage();
    await openWith(named(exportFile()), KEY);
    expect(await screen.findByRole("heading", { level: 1, name: "Exported session" })).toBeVisible();
    expect(screen.getByText("Opened and verified")).toBeVisible();
    expect(await screen.findByTitle("Recorded session")).toHaveAttribute("src", "http://127.0.0.1:8080/");
    expect(await screen.findByTestId("watermark")).toHaveTextContent(/^Ada · Jan 2, 2026/u);
    expect(screen.getByText(/^Text is masked in this export/u)).toBeVisible();
    const beside = screen.getByRole("complementary", { name: "Beside the player" });
    // Its rows need a box with a size, which jsdom has none of; the timeline counts what was read.
    expect(await screen.findByText("1 gap")).toBeVisible();
    expect(screen.getByText("/ 5:00")).toBeVisible();
    expect(within(beside).queryByText(/Nothing to tell/u)).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Copy a link to this time" })).not.toBeInTheDocument();
    await userEvent.click(within(beside).getByText("About this export"));
    const facts = beside.textContent;
    for (const fact of ["What forDebugging", "Allowed bythe grant", "Textmasked", "Holdspage, console", "revision 2"]) {
      expect(facts).toContain(fact);
    }
  });

  it("leaves nothing of it when another is opened", async () => {
    await openPage();
    await openWith(named(exportFile()), KEY);
    await userEvent.click(await screen.findByRole("button", { name: "Open another" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Open an export" })).toBeVisible();
    expect(screen.getByLabelText("Its key")).toHaveValue("");
  });

  it("takes a file that is dropped anywhere on the page", async () => {
    await openPage();
    const file = named(exportFile());
    fireEvent.dragOver(document.body);
    fireEvent.drop(document.body, { dataTransfer: { files: [file] } });
    expect(await screen.findByText(file.name)).toBeVisible();
  });

  it("asks for what is missing before it reads anything", async () => {
    await openPage();
    await userEvent.click(screen.getByRole("button", { name: "Open" }));
    expect(screen.getByText("Choose a file.")).toBeVisible();
    expect(screen.getByText("Paste the key.")).toBeVisible();
    await openWith(named(exportFile()), KEY.slice(0, -1));
    expect(screen.getByText(/no whole key/u)).toBeVisible();
  });
});

describe("a refusal", () => {
  const changed = exportFile();
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;

  it.each([
    ["This is no file that Sealtape sealed", new TextEncoder().encode("no"), KEY],
    ["This sealed file is no export", exportFile(exportLines(), { kind: 1 }), KEY],
    ["The key belongs to another export", exportFile(), keyText(EXPORT.session, EXPORT.secret)],
    ["The key does not open this file", exportFile(), keyText(EXPORT.id, Buffer.alloc(32))],
    ["The file was changed, or is not whole", changed, KEY],
    ["The end of the file is missing", exportFile().slice(0, 115), KEY],
    ["The file opened, and no session is in it", exportFile(["{}"]), KEY],
    ["A later version of Sealtape made this export", exportFile(exportLines({ format: "sealtape-session@9" })), KEY],
  ])("says: %s", async (words, bytes, key) => {
    await openPage();
    await openWith(named(bytes), key);
    expect(await screen.findByRole("alert")).toHaveTextContent(words);
    expect(screen.getByRole("heading", { level: 1, name: "Open an export" })).toBeVisible();
    expect(screen.getByLabelText("Its key")).toHaveValue(key);
  });

  it("says so where the browser has no cryptography", async () => {
    vi.stubGlobal("crypto", { getRandomValues: () => undefined });
    await openPage();
    await openWith(named(exportFile()), KEY);
    expect(await screen.findByRole("alert")).toHaveTextContent("This page cannot decrypt here");
    vi.unstubAllGlobals();
  });

  it("speaks German", async () => {
    await openPage("de");
    choose(named(new Uint8Array(3)));
    await userEvent.click(screen.getByLabelText("Ihr Schlüssel"));
    await userEvent.paste(KEY);
    await userEvent.click(screen.getByRole("button", { name: "Öffnen" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Diese Datei hat Sealtape nicht versiegelt");
  });
});
