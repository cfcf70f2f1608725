import { crc32 } from "node:zlib";

/** Pickles, zip archives and legacy files by hand, byte by byte: what no sound program would write. */

/** Bytes, or text of one byte a character, joined. */
export function joined(...parts: readonly (string | number | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === "string" ? Buffer.from(part, "latin1") : typeof part === "number" ? Buffer.from([part]) : part,
    ),
  );
}

export function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function uint64(value: number | bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** BINUNICODE */
export function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  return joined("X", uint32(bytes.length), bytes);
}

/** BININT */
export function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return joined("J", bytes);
}

/** GLOBAL */
export function global(module: string, name: string): Buffer {
  return joined(`c${module}\n${name}\n`);
}

/** MARK, values, TUPLE */
export function tuple(...values: readonly (string | Uint8Array)[]): Buffer {
  return joined("(", ...values, "t");
}

/** A dictionary of values that are pickled already. */
export function dict(entries: Readonly<Record<string, string | Uint8Array>>): Buffer {
  return joined("}(", ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]), "u");
}

/** PROTO 2, what it says, STOP */
export function pickle(...parts: readonly (string | number | Uint8Array)[]): Buffer {
  return joined("\x80\x02", ...parts, ".");
}

export interface WrittenTensor {
  readonly key?: string;
  readonly type?: string;
  readonly count: number;
  readonly offset?: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** The sixth member of a legacy file's id, pickled. */
  readonly view?: string | Uint8Array;
  /** Pickled. */
  readonly flags?: Uint8Array;
}

/** `torch._utils._rebuild_tensor_v2` of a storage. */
export function tensor({ key = "0", type = "FloatStorage", count, offset = 0, ...rest }: WrittenTensor): Buffer {
  const numbers = (values: readonly number[]) => tuple(...values.map(int));
  const { shape, strides, view, flags } = rest;
  const id = [text("storage"), global("torch", type), text(key), text("cpu"), int(count), ...(view ? [view] : [])];
  const hooks = joined(global("collections", "OrderedDict"), ")R");
  const args = [joined(tuple(...id), "Q"), int(offset), numbers(shape), numbers(strides), "\x89", hooks];
  return joined(global("torch._utils", "_rebuild_tensor_v2"), tuple(...args, ...(flags ? [flags] : [])), "R");
}

export interface WrittenEntry {
  readonly name: string;
  readonly content: Uint8Array;
  /** In the directory, where it says something else. */
  readonly listedName?: string;
  readonly size?: number;
  readonly compressedSize?: number;
  readonly offset?: number;
  readonly method?: number;
  readonly flags?: number;
}

/** A zip archive whose directory may lie. */
export function zip(entries: readonly WrittenEntry[], { comment = "" } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content, ...lies } of entries) {
    const { listedName = name, size = content.length, compressedSize = content.length, offset = at } = lies;
    const { method = 0, flags = 0 } = lies;
    const sizes = joined(uint32(crc32(content)), uint32(content.length), uint32(content.length));
    const fields = (length: number, counts: Buffer) =>
      joined(uint16(flags), uint16(method), uint32(0), counts, uint16(length), uint16(0));
    const local = joined("PK\x03\x04", uint16(20), fields(name.length, sizes), name, content);
    const listed = joined(uint32(crc32(content)), uint32(compressedSize), uint32(size));
    directory.push(
      joined("PK\x01\x02", uint16(20), uint16(20), fields(listedName.length, listed)),
      joined(uint16(0), uint16(0), uint16(0), uint32(0), uint32(offset), listedName),
    );
    parts.push(local);
    at += local.length;
  }
  const listed = joined(...directory);
  const count = uint16(entries.length);
  const end = joined("PK\x05\x06", uint32(0), count, count, uint32(listed.length), uint32(at), uint16(comment.length));
  return joined(...parts, listed, end, comment);
}

/** A checkpoint of one storage of zeros, whatever its pickle says. */
export function checkpoint(content: Uint8Array, ...more: readonly WrittenEntry[]): Buffer {
  return zip([{ name: "a/data.pkl", content }, { name: "a/data/0", content: Buffer.alloc(24) }, ...more]);
}

/** A legacy file: its pickles, then what follows them. */
export function legacy(content: Uint8Array, keys: Uint8Array, ...storages: readonly Uint8Array[]): Buffer {
  const magic = Buffer.from("80028a0a6cfc9c46f9206aa850192e", "hex");
  return joined(magic, "\x80\x02M\xe9\x03.", pickle("}"), content, keys, ...storages);
}
