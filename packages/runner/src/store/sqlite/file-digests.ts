import type { Digest } from "../../hash/digests.ts";
import type { FileStat, Store } from "../store.ts";
import { entryCheck, hashToBlob } from "./entry-check.ts";
import type { TableContext } from "./table-context.ts";

/** Digests of files by what `stat` said of them: one entry per file, for its last known state. */
export interface FileDigestTable {
  find(stat: FileStat): Digest | null;
  save(entries: Parameters<Store["saveFileDigests"]>[0]): void;
}

export function openFileDigests(context: TableContext): FileDigestTable {
  const { connection } = context;
  const select = connection.prepare<[Buffer, Buffer], { readonly digest: Digest; readonly entry_check: string }>(
    "select lower(hex(digest)) as digest, lower(hex(entry_check)) as entry_check from file_digest where file = ? and state = ?",
  );
  const replace = connection.prepare(
    "insert or replace into file_digest (file, state, digest, entry_check) values (?, ?, ?, unhex(?))",
  );
  const remove = connection.prepare("delete from file_digest where file = ?");

  return {
    find: (stat) => {
      const row = select.get(fileKey(stat), fileState(stat));
      if (row === undefined) return null;
      if (row.entry_check === fileCheck(stat, row.digest)) return row.digest;
      context.noteDamage(() => remove.run(fileKey(stat)));
      return null;
    },
    save: (entries) => {
      context.write("save file digests", () => {
        for (const { stat, digest } of entries) {
          replace.run(fileKey(stat), fileState(stat), hashToBlob(digest), fileCheck(stat, digest));
        }
      });
    },
  };
}

function fileKey({ device, inode }: FileStat): Buffer {
  return packIntegers([device, inode]);
}

function fileState({ size, mtimeNs, ctimeNs }: FileStat): Buffer {
  return packIntegers([size, mtimeNs, ctimeNs]);
}

function fileCheck(stat: FileStat, digest: Digest): string {
  return storedFileCheck(digest, fileKey(stat), fileState(stat));
}

export function storedFileCheck(digest: Digest, file: Uint8Array, state: Uint8Array): string {
  return entryCheck("file_digest", [digest], Buffer.concat([file, state]));
}

/** 8 bytes each, big-endian; times before 1970 are negative, so that the bits are taken as they are. */
function packIntegers(values: readonly bigint[]): Buffer {
  const packed = Buffer.alloc(values.length * 8);
  values.forEach((value, index) => packed.writeBigUInt64BE(BigInt.asUintN(64, value), index * 8));
  return packed;
}
