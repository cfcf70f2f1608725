import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { createFolder } from "../../../../tests/ops/dataset-testing.ts";
import { openZip, openZipBytes, zipLimits, type ZipArchive } from "./zip-archive.ts";

let folder: string;
beforeEach(async () => {
  folder = await createFolder();
});
afterEach(() => rm(folder, { recursive: true }));

const noise = Uint8Array.from({ length: 5000 }, (_, index) => (index * index * 17) % 251);
const text = new TextEncoder().encode("some text, some text, some text");

describe.each<[string, (bytes: Uint8Array) => Promise<ZipArchive>]>([
  ["openZip", openFile],
  ["openZipBytes", openBytes],
])("%s", (_, open) => {
  it("reads stored and deflated entries", async () => {
    const archive = await open(zipSync({ "a.npy": [noise, { level: 0 }], "b.txt": text, empty: new Uint8Array() }));
    expect(archive.names).toEqual(["a.npy", "b.txt", "empty"]);
    expect(Buffer.from(await archive.read("a.npy"))).toEqual(Buffer.from(noise));
    expect(Buffer.from(await archive.read("b.txt"))).toEqual(Buffer.from(text));
    expect((await archive.read("empty")).length).toBe(0);
    await archive.close();
  });

  it("notices a file that is cut short anywhere", async () => {
    const bytes = zipSync({ "a.npy": noise, "b.txt": text });
    for (const share of [0, 0.1, 0.5, 0.9, 0.99]) {
      await expect(open(bytes.subarray(0, Math.floor(bytes.length * share)))).rejects.toMatchObject({
        code: "zip-damaged",
      });
    }
  });

  it.each([0, 6] as const)("notices flipped bits by the checksum (level %i)", async (level) => {
    const bytes = zipSync({ "a.npy": [noise, { level }] });
    const middle = Math.floor(bytes.length / 3);
    bytes[middle] = (bytes[middle] ?? 0) ^ 1;
    const archive = await open(bytes);
    await expect(archive.read("a.npy")).rejects.toMatchObject({ code: "zip-damaged" });
    await archive.close();
  });

  it("refuses an entry that grows out of all proportion, before unpacking it", async () => {
    const zeros = new Uint8Array(zipLimits.ratioFrom + 1);
    await expect(open(zipSync({ "bomb.npy": zeros }))).rejects.toThrow(/bomb.npy grows from \d+ to 16777217 bytes/);
  });

  it("refuses an entry that lies about its size", async () => {
    const bytes = zipSync({ "a.npy": text });
    const directory = Buffer.from(bytes).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(directory + 24, 5, true);
    const archive = await open(bytes);
    await expect(archive.read("a.npy")).rejects.toThrow("its entry a.npy cannot be unpacked");
    await archive.close();
  });

  it("refuses too many entries, another compression and what is no zip file", async () => {
    const many = Object.fromEntries(Array.from({ length: zipLimits.entries + 1 }, (_, index) => [String(index), text]));
    await expect(open(zipSync(many))).rejects.toThrow("holds 257 entries; at most 256 are read");
    const bytes = zipSync({ "a.npy": text });
    const directory = Buffer.from(bytes).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes[directory + 10] = 12;
    await expect(open(bytes)).rejects.toThrow("compressed by method 12");
    await expect(open(noise)).rejects.toThrow("data.npz cannot be read: it has no zip directory");
  });

  it("prints no name that cannot be printed", async () => {
    const bytes = zipSync({ "a\u001b[2J.npy": text });
    const directory = Buffer.from(bytes).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
    bytes[directory + 8] = 1;
    await expect(open(bytes)).rejects.toThrow("its entry a?[2J.npy is encrypted");
  });
});

test("openZip names a file that is missing", async () => {
  await expect(openZip(join(folder, "none.npz"), "none.npz")).rejects.toThrow(
    "The file none.npz cannot be read (ENOENT)",
  );
  await expect(openZip(folder, "data")).rejects.toThrow("The file data cannot be read (EISDIR)");
});

test("openZipBytes reads what lies amid other bytes", async () => {
  const bytes = zipSync({ "a.npy": [noise, { level: 0 }], "b.txt": text });
  const around = Buffer.concat([noise, bytes, noise]);
  const archive = await openBytes(around.subarray(noise.length, noise.length + bytes.length));
  expect(Buffer.from(await archive.read("a.npy"))).toEqual(Buffer.from(noise));
  expect(Buffer.from(await archive.read("b.txt"))).toEqual(Buffer.from(text));
});

async function openBytes(bytes: Uint8Array): Promise<ZipArchive> {
  return { ...(await openZipBytes(bytes, "data.npz")), close: () => Promise.resolve() };
}

async function openFile(bytes: Uint8Array): Promise<ZipArchive> {
  const path = join(folder, "data.npz");
  await writeFile(path, bytes);
  return openZip(path, "data.npz");
}
