import { readFileSync } from "node:fs";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { decodeImage } from "./decode-image.ts";

interface Case {
  readonly name: string;
  readonly base64: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bits: number;
  readonly values: readonly number[];
}

const fixture = new URL("../../../../tests/ops/reference/decode-image.json", import.meta.url);
const { cases, cmyk } = JSON.parse(readFileSync(fixture, "utf8")) as { cases: readonly Case[]; cmyk: string };

describe("decodeImage", () => {
  it.each(cases)("reads the pixels that Pillow reads: $name", async (expected) => {
    const image = await decodeImage(Buffer.from(expected.base64, "base64"), expected.name);
    expect([image.width, image.height, image.channels]).toEqual([expected.width, expected.height, expected.channels]);
    expect(image.data).toBeInstanceOf(expected.bits === 16 ? Uint16Array : Uint8Array);
    const tolerance = expected.name.startsWith("jpeg") ? 1 : 0;
    const worst = expected.values.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (image.data[i] ?? NaN))),
      0,
    );
    expect(image.data.length).toBe(expected.values.length);
    expect(worst).toBeLessThanOrEqual(tolerance);
  });

  it.each(["png", "jpeg"] as const)("refuses a %s file that is cut short, wherever it is cut", async (format) => {
    const bytes = await noisyFile(format);
    for (const share of [0.01, 0.2, 0.5, 0.9, 0.97]) {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      await expect(decodeImage(cut, "scan.img"), `cut at ${String(share)}`).rejects.toMatchObject({
        code: "image-damaged",
        message: expect.stringContaining("scan.img cannot be decoded") as string,
      });
    }
  });

  it("refuses a PNG with a flipped bit in its pixels", async () => {
    const bytes = Buffer.from(await noisyFile("png"));
    const middle = Math.floor(bytes.length / 2);
    bytes[middle] = (bytes[middle] ?? 0) ^ 0x10;
    await expect(decodeImage(bytes, "scan.png")).rejects.toMatchObject({ code: "image-damaged" });
  });

  it("refuses what is neither PNG nor JPEG, and colours that are neither grey nor RGB", async () => {
    await expect(decodeImage(Buffer.from("<svg/>"), "a.png")).rejects.toThrow("neither a PNG nor a JPEG");
    await expect(decodeImage(new Uint8Array(), "empty.png")).rejects.toMatchObject({ code: "image-unsupported" });
    await expect(decodeImage(Buffer.from(cmyk, "base64"), "c.jpg")).rejects.toThrow("colour space cmyk");
  });

  it("refuses an image with more pixels than the limit by its header alone", async () => {
    const bytes = Buffer.from(await noisyFile("png"));
    bytes.writeUInt32BE(20_000, 16);
    bytes.writeUInt32BE(20_000, 20);
    const header = bytes.subarray(12, 29);
    bytes.writeUInt32BE(crc32(header), 29);
    await expect(decodeImage(bytes, "huge.png")).rejects.toMatchObject({
      code: "image-too-large",
      message: expect.stringContaining("20000 x 20000") as string,
    });
  });
});

async function noisyFile(format: "png" | "jpeg"): Promise<Uint8Array> {
  const values = Uint8Array.from({ length: 64 * 64 }, (_, index) => (index * index * 31) % 251);
  return sharp(values, { raw: { width: 64, height: 64, channels: 1 } })
    .toFormat(format)
    .toBuffer();
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
