import type { Recipe } from "../../../hash/digests.ts";
import {
  dayOf,
  millisecondsPerDay,
  type InventoryAnswer,
  type InventoryArtifact,
  type InventoryContentAnswer,
  type InventoryShard,
  type StoreInventory,
} from "../../upkeep.ts";
import { readPages, type PagedTable } from "../pages.ts";
import { measureUsedBytes } from "../shard-files/measure-shard-files.ts";
import type { ShardFolder } from "../shard-files/shard-folder.ts";
import { exampleAt, parseHeader } from "../shard-header.ts";
import type { TableContext } from "../table-context.ts";

/** Lists what could be removed; reads no bytes but the headers of shards. */
export function* takeInventory(context: TableContext, folder: ShardFolder): Generator<void, StoreInventory> {
  const { connection } = context;
  const readNumber = (pragma: string): number => Number(connection.pragma(pragma, { simple: true }));
  const pages = readNumber("page_count") - readNumber("freelist_count");
  const shards: InventoryShard[] = [];
  for (const rows of readPages(shardPages(context))) {
    shards.push(...rows.flatMap(toShard));
    yield;
  }
  return {
    usedBytes: pages * readNumber("page_size") + (yield* measureUsedBytes(folder)),
    answers: yield* readAll(answerPages(context)),
    contentAnswers: yield* readAll(contentAnswerPages(context)),
    artifacts: yield* readAll(artifactPages(context)),
    shards,
  };
}

function* readAll<Row>(table: PagedTable<Row>): Generator<void, readonly Row[]> {
  const all: Row[] = [];
  for (const rows of readPages(table)) {
    all.push(...rows);
    yield;
  }
  return all;
}

/** What an answer's age is taken from where its run cannot be read: it counts as young. */
const unknownStart = "coalesce(run.started_at, unixepoch() * 1000)";

function answerPages({ connection }: TableContext): PagedTable<InventoryAnswer> {
  const select = connection.prepare<[Buffer], InventoryAnswer>(
    "select lower(hex(fingerprint)) as fingerprint, lower(hex(artifact)) as artifact, run, " +
      `max(coalesce(last_used_day, 0), ${unknownStart} / ${String(millisecondsPerDay)}) as day ` +
      "from answer left join run on run.id = answer.run where fingerprint > ? order by fingerprint limit 500",
  );
  return {
    selectAfter: ([key]) => select.all(key as Buffer),
    firstKey: [Buffer.alloc(0)],
    keyOf: ({ fingerprint }) => [Buffer.from(fingerprint, "hex")],
  };
}

function contentAnswerPages({ connection }: TableContext): PagedTable<InventoryContentAnswer> {
  const select = connection.prepare<[Buffer, Buffer], InventoryContentAnswer>(
    "select lower(hex(recipe)) as recipe, lower(hex(content_key)) as key, lower(hex(artifact)) as artifact " +
      "from content_answer where (recipe, content_key) > (?, ?) order by recipe, content_key limit 500",
  );
  return {
    selectAfter: ([recipe, key]) => select.all(recipe as Buffer, key as Buffer),
    firstKey: [Buffer.alloc(0), Buffer.alloc(0)],
    keyOf: ({ recipe, key }) => [Buffer.from(recipe, "hex"), Buffer.from(key, "hex")],
  };
}

function artifactPages({ connection }: TableContext): PagedTable<InventoryArtifact & { readonly id: number }> {
  const select = connection.prepare<[number], InventoryArtifact & { readonly id: number }>(
    "select id, lower(hex(digest)) as digest, kind, size as bytes from artifact where id > ? order by id limit 500",
  );
  return { selectAfter: ([id]) => select.all(Number(id)), firstKey: [-1], keyOf: ({ id }) => [id] };
}

interface ShardRow {
  readonly id: number;
  readonly recipe: Recipe;
  readonly run: number;
  readonly started_at: number;
  readonly row_count: number;
  readonly row_bytes: number;
  readonly header: Buffer;
}

function shardPages({ connection }: TableContext): PagedTable<ShardRow> {
  const select = connection.prepare<[number], ShardRow>(
    "select feature_shard.id, lower(hex(recipe.hash)) as recipe, run, row_count, row_bytes, header, " +
      `${unknownStart} as started_at from feature_shard join recipe on recipe.id = feature_shard.recipe ` +
      "left join run on run.id = feature_shard.run where feature_shard.id > ? order by feature_shard.id limit 4",
  );
  return { selectAfter: ([id]) => select.all(Number(id)), firstKey: [-1], keyOf: ({ id }) => [id] };
}

function toShard({ id, recipe, run, started_at, row_count, row_bytes, header }: ShardRow): readonly InventoryShard[] {
  const parsed = parseHeader(header);
  if (parsed.rowCount !== row_count || row_count === 0) return [];
  const examples = Array.from({ length: row_count }, (_, position) => exampleAt(parsed, position));
  return [{ id, recipe, examples, bytesPerRow: row_bytes / row_count, run, day: dayOf(new Date(started_at)) }];
}
