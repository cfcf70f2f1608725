import { isSameDigest, type ShardHeader } from "./shard-header.ts";

/**
 * Where the rows of one recipe lie, in memory: a hash table over the digests of the shards' headers. It is made from the
 * headers (40 bytes a row) when a recipe is first asked for, which is faster than a lookup per row in SQLite and needs no
 * index in the file that could be wrong. No strings are kept, so that a million rows take some 60 MB.
 */
export interface RowIndex {
  /** Rows of a shard that are there already move to this one: of two, the older may be damaged. */
  add(shard: number, header: ShardHeader): void;
  remove(shard: number): void;
  /** Removes the shards that are not among these. */
  keepOnly(shards: ReadonlySet<number>): void;
  /** The rows of digests, eight words each. */
  locate(words: Uint32Array): RowPlaces;
  /** How many rows it knows. */
  readonly size: () => number;
}

/** Where rows lie, in columns: objects for a hundred thousand rows would cost more than reading them. */
export interface RowPlaces {
  /** 0 where there is no row. */
  readonly shards: Float64Array;
  readonly positions: Int32Array;
  readonly headers: ReadonlyMap<number, ShardHeader>;
}

export function createRowIndex(): RowIndex {
  const headers = new Map<number, ShardHeader>();
  const shards: { readonly id: number; readonly header: ShardHeader; isRemoved: boolean }[] = [];
  /** Open addressing: 0 is free, n stands for entry n - 1. At most half full. */
  let slots = new Int32Array(1 << 10);
  /** Per entry two numbers: index of the shard, position in it. */
  let entries = new Int32Array(slots.length);
  let count = 0;

  const shardAt = (entry: number) => shards[entries[entry * 2]!]!;

  /** The slot that holds the digest, or the free one where it belongs. */
  const findSlot = (words: Uint32Array, at: number): number => {
    let slot = hashWords(words, at) & (slots.length - 1);
    for (let held = slots[slot]!; held !== 0; held = slots[slot]!) {
      const { digests } = shardAt(held - 1).header;
      if (isSameDigest(digests, entries[(held - 1) * 2 + 1]! * 8, words, at)) return slot;
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  };

  const grow = (rows: number): void => {
    if (rows * 2 <= slots.length) return;
    const grown = new Int32Array(2 ** Math.ceil(Math.log2(rows * 2)) * 2);
    const old = entries;
    slots = grown;
    entries = new Int32Array(grown.length);
    entries.set(old.subarray(0, count * 2));
    for (let entry = 0; entry < count; entry++) {
      slots[findSlot(shardAt(entry).header.digests, entries[entry * 2 + 1]! * 8)] = entry + 1;
    }
  };

  return {
    add: (id, header) => {
      grow(count + header.rowCount);
      headers.set(id, header);
      const shard = shards.push({ id, header, isRemoved: false }) - 1;
      for (let position = 0; position < header.rowCount; position++) {
        const slot = findSlot(header.digests, position * 8);
        if (slots[slot] === 0) slots[slot] = ++count;
        const entry = slots[slot]! - 1;
        entries[entry * 2] = shard;
        entries[entry * 2 + 1] = position;
      }
    },
    remove: (id) => {
      for (const shard of shards) if (shard.id === id) shard.isRemoved = true;
    },
    keepOnly: (kept) => {
      for (const shard of shards) if (!kept.has(shard.id)) shard.isRemoved = true;
    },
    locate: (words) => {
      const places = {
        shards: new Float64Array(words.length / 8),
        positions: new Int32Array(words.length / 8),
        headers,
      };
      for (let example = 0; example * 8 < words.length; example++) {
        const held = slots[findSlot(words, example * 8)]!;
        if (held === 0) continue;
        const { id, isRemoved } = shardAt(held - 1);
        if (isRemoved) continue;
        places.shards[example] = id;
        places.positions[example] = entries[(held - 1) * 2 + 1]!;
      }
      return places;
    },
    size: () => count,
  };
}

/** Digests are evenly spread by nature; mixing all words keeps made-up ones from meeting in one slot. */
function hashWords(words: Uint32Array, at: number): number {
  let hash = 0;
  for (let word = at; word < at + 8; word++) hash = Math.imul(hash ^ words[word]!, 0x9e3779b1);
  return hash ^ (hash >>> 15);
}
