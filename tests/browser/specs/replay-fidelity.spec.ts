/**
 * Recordings of real applications go in through the HTTP API and are watched back: the player ends with the
 * same document as rrweb's own replayer fed with the same stored events.
 */
import { expect, test } from "@playwright/test";
import { Api, endingNow, uploadRecording } from "../support/api";
import { PlayerPage, rrwebDocument } from "../support/player-page";
import { RECORDINGS, recording } from "../support/recordings";

test.describe.configure({ mode: "parallel" });

for (const name of RECORDINGS) {
  test(`${name} replays as rrweb replays it`, async ({ page, browser }) => {
    const original = await recording(browser, name);
    const api = await Api.signIn("engineer");
    const session = await uploadRecording(name, endingNow(original));
    const lines = await api.events(session);
    const stored = lines.flatMap(({ event }) => (event === undefined ? [] : [event]));
    expect(stored).toHaveLength(original.length);

    const player = await PlayerPage.open(page);
    await player.feed(lines);
    const end = stored.at(-1)?.timestamp ?? 0;
    const ours = await player.documentAt(end);
    expect(await player.errors()).toEqual([]);
    expect(ours.split("\n").length).toBeGreaterThan(15);

    // Back to the middle and forward again must end in the same place: seeking is not allowed to leave traces.
    const start = stored[0]?.timestamp ?? 0;
    const middle = await player.documentAt(start + (end - start) / 2);
    expect(middle).not.toBe(ours);
    expect(await player.documentAt(end)).toBe(ours);

    expect(ours).toBe(await rrwebDocument(page, stored));
  });
}
