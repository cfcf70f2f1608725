import { describe, expect, test } from "vitest";
import { OpError } from "../../op-error.ts";
import { dicomBytesOf, readDicomFixture } from "../../../../../tests/ops/reference/dicom_files-fixture.ts";
import { openDicom } from "./open-dicom.ts";

const { cases, identifiers } = readDicomFixture();

describe("damaged DICOM files", () => {
  test.each(cases)("refuses a file that is cut short anywhere: $name", async (sound) => {
    const bytes = dicomBytesOf(sound);
    for (let part = 0; part < 20; part++) {
      const cut = bytes.slice(0, Math.floor((bytes.length * part) / 20));
      await expect(readAll(cut), `cut at ${part}/20`).rejects.toBeInstanceOf(OpError);
    }
  });

  test.each(cases)("gives an image or a reason whatever bytes are flipped: $name", async (sound) => {
    const random = seededRandom(sound.base64.length);
    for (let round = 0; round < 24; round++) {
      const bytes = dicomBytesOf(sound);
      // The header has most of the bytes, the pixels most of the traps.
      const from = round % 2 === 0 ? 0 : Math.floor(bytes.length * 0.6);
      for (let flips = 0; flips <= round % 3; flips++) {
        const at = from + Math.floor(random() * (bytes.length - from));
        bytes[at] = Math.floor(random() * 256);
      }
      await expectImageOrReason(bytes);
    }
    // What a decoder left behind must not reach the next call.
    await readAll(dicomBytesOf(sound));
  });

  test("gives an image or a reason for noise behind a sound beginning", async () => {
    const random = seededRandom(7);
    for (let round = 0; round < 300; round++) {
      const sound = dicomBytesOf(cases[round % cases.length]!);
      const from = Math.floor(random() * sound.length);
      await expectImageOrReason(sound.map((byte, at) => (at < from ? byte : Math.floor(random() * 256))));
    }
  });
});

async function expectImageOrReason(bytes: Uint8Array): Promise<void> {
  try {
    await readAll(bytes);
  } catch (error) {
    if (!(error instanceof OpError)) throw error;
    for (const identifier of identifiers) expect(error.message + (error.hint ?? "")).not.toContain(identifier);
  }
}

async function readAll(bytes: Uint8Array): Promise<void> {
  const file = await openDicom(bytes, "a.dcm", (text) => String(text.length));
  for (let frame = 0; frame < Math.min(file.frames, 5); frame++) {
    const { data } = await file.readFrame(frame);
    expect(data.length).toBe(file.width * file.height * file.channels);
  }
}

/** Mulberry32: numbers from 0 to 1 that are the same in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
