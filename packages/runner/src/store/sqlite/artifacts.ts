import { createHash } from "node:crypto";
import { digestOf, type Digest } from "../../hash/digests.ts";
import type { StoredArtifact } from "../store.ts";
import { requireSameKind } from "../store-arguments.ts";
import { entryCheck, hashToBlob } from "./entry-check.ts";
import { isCorruption } from "./store-errors.ts";
import type { TableContext } from "./table-context.ts";

/** Artifacts: bytes by their digest, each once, whatever number of answers they are. */
export interface ArtifactTable {
  /** Inside the caller's transaction. Bytes that are there but differ were damaged and are replaced. */
  save(artifact: ArtifactBytes): void;
  /** Bytes whose digest was verified, or null; damaged ones are removed with every answer that they were. */
  read(digest: Digest): StoredArtifact | null;
  /** The same for many at once, in one read transaction. */
  readAll(digests: readonly Digest[]): ReadonlyMap<Digest, StoredArtifact>;
  /** In a transaction of its own: the artifact and every answer that it was. */
  drop(digest: Digest): void;
  /** Whether there is an entry; its bytes are not read. */
  has(digest: Digest): boolean;
  /** Reads the bytes piece by piece, handing on how many; damaged ones are removed. True where they are whole, or gone. */
  verify(digest: Digest): Generator<number, boolean>;
  /** Inside the caller's transaction: removes the artifact unless an answer or a content answer still is it. */
  removeUnused(digest: Digest): void;
}

export interface ArtifactBytes {
  readonly digest: Digest;
  readonly kind: string;
  readonly bytes: Uint8Array;
}

/** Long artifacts lie in pieces, so that neither SQLite nor the reader needs one contiguous gigabyte of memory twice. */
const chunkBytes = 4 << 20;

/** Chunk p of artifact a has the number a * 2^20 + p: no second index that could be damaged, and room for 4 TiB. */
const chunkNumbers = 2 ** 20;

export function openArtifacts(context: TableContext): ArtifactTable {
  const { connection } = context;
  const select = connection.prepare<[Buffer], ArtifactRow>(
    "select id, kind, size, lower(hex(entry_check)) as entry_check from artifact where digest = ?",
  );
  const selectChunks = connection
    .prepare<[number, number]>("select bytes from artifact_chunk where id >= ? and id < ? order by id")
    .pluck();
  const insert = connection.prepare(
    "insert into artifact (digest, kind, size, entry_check) values (?, ?, ?, unhex(?))",
  );
  const replace = connection.prepare("update artifact set kind = ?, size = ?, entry_check = unhex(?) where id = ?");
  const insertChunk = connection.prepare("insert or replace into artifact_chunk (id, bytes) values (?, ?)");
  const removeAll = ["answer", "content_answer"].map((table) =>
    connection.prepare<[Buffer]>(`delete from ${table} where artifact = ?`),
  );
  const selectUsed = connection.prepare<[Buffer, Buffer]>(
    "select 1 from answer where artifact = ? union all select 1 from content_answer where artifact = ? limit 1",
  );
  const selectChunk = connection.prepare<[number]>("select bytes from artifact_chunk where id = ?").pluck();
  const removeChunks = connection.prepare<[number, number]>("delete from artifact_chunk where id >= ? and id < ?");
  const remove = connection.prepare<[number]>("delete from artifact where id = ?");

  const insertChunks = (id: number, bytes: Uint8Array): void => {
    for (let start = 0; start === 0 || start < bytes.length; start += chunkBytes) {
      insertChunk.run(id * chunkNumbers + start / chunkBytes, bytes.subarray(start, start + chunkBytes));
    }
  };

  const readChunk = (id: number): Buffer | null => {
    try {
      const chunk = selectChunk.get(id);
      return Buffer.isBuffer(chunk) ? chunk : null;
    } catch (error) {
      if (isCorruption(error)) return null;
      throw error;
    }
  };

  const readBytes = (id: number): Buffer | null => {
    try {
      const chunks = selectChunks.all(...chunkRange(id)).filter((chunk) => Buffer.isBuffer(chunk));
      return chunks.length === 1 ? (chunks[0] ?? null) : Buffer.concat(chunks);
    } catch (error) {
      if (isCorruption(error)) return null;
      throw error;
    }
  };

  const lookUp = (digest: Digest): StoredArtifact | "damaged" | null => {
    const stored = select.get(hashToBlob(digest));
    if (stored === undefined) return null;
    if (stored.entry_check !== artifactCheck(digest, stored.kind, stored.size)) return "damaged";
    const bytes = readBytes(stored.id);
    return bytes !== null && digestOf(bytes) === digest ? { kind: stored.kind, bytes } : "damaged";
  };
  const removeEntry = (digest: Digest): void => {
    const key = hashToBlob(digest);
    for (const statement of removeAll) statement.run(key);
    const stored = select.get(key);
    if (stored === undefined) return;
    removeChunks.run(...chunkRange(stored.id));
    remove.run(stored.id);
  };
  const noteDamaged = (digest: Digest): void => {
    context.noteDamage(() => {
      removeEntry(digest);
    });
  };

  return {
    save: ({ digest, kind, bytes }) => {
      const stored = select.get(hashToBlob(digest));
      const check = artifactCheck(digest, kind, bytes.length);
      if (stored === undefined) {
        insertChunks(Number(insert.run(hashToBlob(digest), kind, bytes.length, check).lastInsertRowid), bytes);
        return;
      }
      const isEntryIntact = stored.entry_check === artifactCheck(digest, stored.kind, stored.size);
      if (isEntryIntact) requireSameKind(stored.kind, kind);
      if (isEntryIntact && readBytes(stored.id)?.equals(bytes) === true) return;
      removeChunks.run(...chunkRange(stored.id));
      insertChunks(stored.id, bytes);
      replace.run(kind, bytes.length, check, stored.id);
    },
    read: (digest) => {
      const found = lookUp(digest);
      if (found !== "damaged") return found;
      noteDamaged(digest);
      return null;
    },
    readAll: (digests) => {
      const found = new Map<Digest, StoredArtifact>();
      const damaged = new Set<Digest>();
      context.read(() => {
        for (const digest of new Set(digests)) {
          const artifact = lookUp(digest);
          if (artifact === "damaged") damaged.add(digest);
          else if (artifact !== null) found.set(digest, artifact);
        }
      });
      damaged.forEach(noteDamaged);
      return found;
    },
    drop: (digest) => {
      context.write("drop artifact", () => {
        removeEntry(digest);
      });
    },
    has: (digest) => select.get(hashToBlob(digest)) !== undefined,
    *verify(digest) {
      const stored = select.get(hashToBlob(digest));
      const hash = createHash("sha256");
      const chunks = stored === undefined ? 0 : Math.max(Math.ceil(stored.size / chunkBytes), 1);
      for (let chunk = 0; stored !== undefined && chunk < chunks; chunk++) {
        const bytes = readChunk(stored.id * chunkNumbers + chunk);
        if (bytes === null) break;
        hash.update(bytes);
        yield bytes.length;
      }
      const isEntryIntact = stored?.entry_check === artifactCheck(digest, stored?.kind ?? "", stored?.size ?? 0);
      const hasNoMore = stored === undefined || readChunk(stored.id * chunkNumbers + chunks) === null;
      if (isEntryIntact && hasNoMore && hash.digest("hex") === digest) return true;
      // Once more, in one look: another process may have written or removed it between the pieces.
      const again: { found: ReturnType<typeof lookUp> } = { found: null };
      context.read(() => {
        again.found = lookUp(digest);
      });
      if (again.found !== "damaged") return true;
      noteDamaged(digest);
      return false;
    },
    removeUnused: (digest) => {
      const key = hashToBlob(digest);
      if (selectUsed.get(key, key) === undefined) removeEntry(digest);
    },
  };
}

interface ArtifactRow {
  readonly id: number;
  readonly kind: string;
  readonly size: number;
  readonly entry_check: string;
}

function chunkRange(artifact: number): [number, number] {
  return [artifact * chunkNumbers, (artifact + 1) * chunkNumbers];
}

function artifactCheck(digest: Digest, kind: string, size: number): string {
  return entryCheck("artifact", [digest, kind, size]);
}
