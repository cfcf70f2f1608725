import { open, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFolder } from "../../../../../../tests/ops/dataset-testing.ts";
import {
  checkpoint,
  dict,
  global,
  int,
  joined,
  pickle,
  tensor,
  text,
  tuple,
  uint16,
  uint32,
  uint64,
  zip,
  type WrittenEntry,
} from "../../../../../../tests/ops/reference/checkpoints-bytes.ts";
import { readStoredWeight } from "../read-stored-weight.ts";
import { readWeightTable } from "../read-weight-table.ts";
import { toFloat32 } from "../to-float32.ts";

let folder: string;
beforeAll(async () => {
  folder = await createFolder();
});
afterAll(() => rm(folder, { recursive: true }));

async function read(bytes: Uint8Array) {
  const path = join(folder, "w.pth");
  await writeFile(path, bytes);
  return readWeightTable(path);
}

const ones = { count: 6, shape: [2, 3], strides: [3, 1] };
const sound = pickle(dict({ weight: tensor(ones) }));
const data: WrittenEntry = { name: "a/data/0", content: Buffer.alloc(24) };

describe("readZipCheckpoint", () => {
  it("reads a comment after the archive, and a folder of any name", async () => {
    const bytes = zip(
      [
        { name: "é/data.pkl", content: sound },
        { ...data, name: "é/data/0" },
      ].map(latin),
      { comment: "PK" },
    );
    expect((await read(bytes)).weights.get("weight")?.place).toMatchObject({ kind: "file", bytes: 24 });
  });

  it.each<[what: string, entries: readonly WrittenEntry[], message: RegExp]>([
    [
      "climbs out of its folder",
      [{ ...data, name: "a/../../x" }],
      /its entry "a\/..\/..\/x" leads out of the archive's/,
    ],
    ["climbs out backwards", [{ ...data, name: "..\\x" }], /leads out of the archive's folder/],
    ["is absolute", [{ ...data, name: "/etc/passwd" }], /its entry "\/etc\/passwd" leads out/],
    ["is on another drive", [{ ...data, name: "C:x" }], /its entry "C:x" leads out/],
    ["has a name twice", [data, data], /it has two entries named a\/data\/0/],
    [
      "overlaps another",
      [data, { ...data, name: "a/data/1", offset: sound.length + 50 }],
      /a\/data\/1 overlaps another/,
    ],
    ["goes by two names", [{ ...data, listedName: "a/data/9" }], /its entry a\/data\/9 does not begin where/],
    ["is beyond the file", [{ ...data, offset: 100_000 }], /its entry a\/data\/0 does not begin where/],
    [
      "goes beyond the data",
      [{ ...data, size: 5000, compressedSize: 5000, flags: 8 }],
      /goes beyond the archive's data/,
    ],
    ["has two sizes", [{ ...data, size: 23 }], /its entry a\/data\/0 states two sizes/],
    ["is encrypted", [{ ...data, flags: 1 }], /its entry a\/data\/0 is encrypted/],
    ["is compressed in another way", [{ ...data, method: 14 }], /is compressed by method 14/],
    ["grows without measure", [{ ...data, method: 8, size: 2 ** 31 }], /would grow from 24 to 2147483648 bytes/],
    ["states a size in zip64 that is not there", [{ ...data, size: 2 ** 32 - 1 }], /zip directory is garbled/],
  ])("refuses an entry that %s", async (_, entries, message) => {
    const failure = await read(zip([{ name: "a/data.pkl", content: sound }, ...entries])).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: "OpError" });
    expect((failure as Error).message).toMatch(message);
  });

  it("refuses an archive with something before it, or without its checkpoint", async () => {
    await expect(read(joined("PK\x03\x04 more", checkpoint(sound)))).rejects.toThrow(/does not lie where it says/);
    await expect(read(zip([data]))).rejects.toMatchObject({ code: "weights-format-unknown" });
    await expect(read(zip([]))).rejects.toMatchObject({ code: "weights-format-unknown" });
    await expect(read(checkpoint(sound, { name: "b/data.pkl", content: sound }))).rejects.toThrow(/two checkpoints/);
    await expect(read(checkpoint(sound, { name: "a/constants.pkl", content: sound }))).rejects.toThrow(/TorchScript/);
  });

  it("refuses what would run code, by name", async () => {
    const call = pickle(global("os", "system"), tuple(text("true")), "R");
    const failure = await read(checkpoint(call)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: "OpError", code: "weights-unsafe" });
    expect((failure as Error).message).toBe("w.pth would call os.system on loading; such files are not opened.");
    expect((failure as { hint: string }).hint).toContain("safetensors");
  });

  it.each<[what: string, content: Buffer, message: RegExp]>([
    ["a storage that is missing", pickle(tensor({ ...ones, key: "1" })), /the storage 1 of its tensor {2}is missing/],
    ["a storage of another folder", pickle(tensor({ ...ones, key: "../data.pkl" })), /is missing/],
    [
      "a storage that is too short",
      pickle(tensor({ ...ones, count: 7 })),
      /needs a storage of 28 bytes, of which 24 are/,
    ],
    [
      "a shape beyond its storage",
      pickle(dict({ t: tensor({ ...ones, shape: [3, 3] }) })),
      /tensor t looks beyond the 6/,
    ],
    ["strides beyond it", pickle(dict({ t: tensor({ ...ones, strides: [4, 1] }) })), /tensor t looks beyond the 6/],
    ["an offset beyond it", pickle(dict({ t: tensor({ ...ones, offset: 1 }) })), /tensor t looks beyond the 6 values/],
    [
      "a shape beyond all numbers",
      pickle(tensor({ ...ones, shape: Array<number>(40).fill(2 ** 30), strides: Array<number>(40).fill(2 ** 30) })),
      /looks beyond the 6 values/,
    ],
    [
      "one value repeated to terabytes",
      pickle(dict({ t: tensor({ ...ones, shape: [2 ** 30, 2 ** 10], strides: [0, 0] }) })),
      /its tensor t repeats the values of its storage to 4398046511104 bytes/,
    ],
    ["two of one name", pickle(dict({ "a.b": tensor(ones), a: dict({ b: tensor(ones) }) })), /come to the name a.b/],
    ["a pickle that is cut short", sound.subarray(0, 40), /its data.pkl is cut short/],
  ])("refuses %s", async (_, content, message) => {
    await expect(read(checkpoint(content))).rejects.toThrow(message);
    await expect(read(checkpoint(content))).rejects.toMatchObject({ name: "OpError" });
  });

  it("refuses a byte order that is none", async () => {
    const order = { name: "a/byteorder", content: Buffer.from("middle") };
    await expect(read(checkpoint(sound, order))).rejects.toThrow(/byteorder is neither little nor big/);
  });

  it("notices a pickle whose checksum is wrong", async () => {
    const bytes = checkpoint(pickle(dict({ weight: tensor(ones), epoch: int(77) })));
    bytes[bytes.indexOf(int(77)) + 1]! ^= 1;
    await expect(read(bytes)).rejects.toThrow(/the checksum of its entry a\/data.pkl is wrong/);
  });

  it("ends an entry that grows beyond what it states, and notices one that does not reach it", async () => {
    for (const length of [1000, 20]) {
      const content = deflateRawSync(Buffer.alloc(length, 7));
      const packed = { ...data, content, method: 8, size: 24 };
      const table = await read(
        zip([
          { name: "a/data.pkl", content: sound },
          { ...packed, flags: 8 },
        ]),
      );
      const weight = table.weights.get("weight")!;
      await expect(readStoredWeight(table, weight)).rejects.toMatchObject({ code: "weights-damaged" });
    }
  });

  it("notices a file that is changed before its values are read", async () => {
    const turned = checkpoint(pickle(dict({ weight: tensor({ ...ones, strides: [1, 2] }) })));
    const table = await read(turned);
    await writeFile(join(folder, "w.pth"), turned.subarray(0, 100));
    const reading = readStoredWeight(table, table.weights.get("weight")!);
    await expect(reading).rejects.toMatchObject({ code: "weights-unreadable" });
  });

  it("reads an archive of over 4 GB, which is mostly a hole, in zip64 form", async () => {
    const path = join(folder, "large.pth");
    const large = 4.5 * 2 ** 30;
    const content = pickle(dict({ weight: tensor({ count: 2, shape: [2], strides: [1], key: "1" }) }));
    await writeLargeArchive(path, large, [
      ["a/data.pkl", content, 0],
      ["a/data/0", Buffer.alloc(0), large],
      ["a/data/1", Buffer.from(Float32Array.of(1.5, -2).buffer), 0],
    ]);
    const table = await readWeightTable(path);
    const weight = table.weights.get("weight")!;
    expect(weight.place.kind === "file" && weight.place.offset).toBeGreaterThan(large);
    expect([...toFloat32(weight.type, await readStoredWeight(table, weight))]).toEqual([1.5, -2]);
    await rm(path);
  });
});

function latin(entry: WrittenEntry): WrittenEntry {
  return { ...entry, name: Buffer.from(entry.name, "utf8").toString("latin1") };
}

/** Entries with a hole after their content; what does not fit into 32 bits stands in the extra fields. */
async function writeLargeArchive(
  path: string,
  large: number,
  entries: readonly (readonly [name: string, content: Buffer, hole: number])[],
): Promise<void> {
  const file = await open(path, "w");
  const listed: Buffer[] = [];
  let at = 0;
  for (const [name, content, hole] of entries) {
    const size = content.length + hole;
    const isLarge = size >= large;
    const narrow = isLarge ? 0xffffffff : size;
    const sizes = isLarge ? [uint64(size), uint64(size)] : [];
    const extra = (values: readonly Buffer[]) =>
      values.length === 0 ? Buffer.alloc(0) : joined(uint16(1), uint16(8 * values.length), ...values);
    const fields = (added: Buffer) =>
      joined(
        uint16(0),
        uint16(0),
        uint32(0),
        uint32(0),
        uint32(narrow),
        uint32(narrow),
        uint16(name.length),
        uint16(added.length),
      );
    const local = joined("PK\x03\x04", uint16(45), fields(extra(sizes)), name, extra(sizes), content);
    await file.write(local, 0, local.length, at);
    const isFar = at >= 0xffffffff;
    const added = joined(uint16(0x7075), uint16(1), "x", extra([...sizes, ...(isFar ? [uint64(at)] : [])]));
    listed.push(
      joined("PK\x01\x02", uint16(45), uint16(45), fields(added), uint16(0), uint16(0), uint16(0), uint32(0)),
      joined(uint32(isFar ? 0xffffffff : at), name, added),
    );
    at += local.length + hole;
  }
  const directory = joined(...listed);
  const count = uint64(entries.length);
  const record = joined(
    "PK\x06\x06",
    uint64(44),
    uint32(0),
    uint64(0),
    count,
    count,
    uint64(directory.length),
    uint64(at),
  );
  const locator = joined("PK\x06\x07", uint32(0), uint64(at + directory.length), uint32(1));
  const end = joined(
    "PK\x05\x06",
    uint32(0),
    uint32(0xffffffff),
    uint32(directory.length),
    uint32(0xffffffff),
    uint16(0),
  );
  await file.write(joined(directory, record, locator, end), 0, undefined, at);
  await file.close();
}
