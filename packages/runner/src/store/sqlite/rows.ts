import type { RowLayout } from "@exp-lab/ops";
import type { Recipe } from "../../hash/digests.ts";
import { checkRows, formatRowCheck } from "../row-check.ts";
import { addRowMaker, listRowMakers } from "../row-makers.ts";
import type { NewShard, RowMaker } from "../store.ts";
import { distinctWhere, requireShard, requireTarget } from "../store-arguments.ts";
import { openRecipes, type RecipeTable } from "./recipes.ts";
import type { RowPlaces } from "./row-index.ts";
import type { RunTable } from "./runs.ts";
import type { ShardStore } from "./shard-files/shard-store.ts";
import { isRowIntact, openShards, type ShardTable } from "./shards.ts";
import type { TableContext } from "./table-context.ts";

/** Rows of per-example ops. */
export interface RowTable {
  findMissing(recipe: Recipe, examples: readonly string[]): readonly string[];
  save(shard: NewShard): void;
  readLayout(recipe: Recipe): RowLayout | null;
  read(recipe: Recipe, examples: readonly string[], target: Float32Array): Generator<void, readonly string[]>;
  readChecks(recipe: Recipe, examples: readonly string[]): readonly (string | null)[];
  findMakers(recipe: Recipe, examples: readonly string[]): readonly RowMaker[];
  findProviders(): readonly string[];
  readonly recipes: RecipeTable;
  readonly shards: ShardTable;
}

export function openRows(context: TableContext, runs: RunTable, payloads: ShardStore): RowTable {
  const recipes = openRecipes(context);
  const shards = openShards(context, payloads);

  const locate = (recipe: Recipe, examples: readonly string[]): RowPlaces | null => {
    const known = recipes.find(recipe);
    return known === null ? null : shards.locate(known, examples);
  };

  return {
    recipes,
    shards,
    findMissing: (recipe, examples) => {
      const places = locate(recipe, examples);
      return distinctWhere(examples, (index) => !places?.shards[index]);
    },
    save: (shard) => {
      const width = requireShard(shard);
      if (shard.examples.length === 0) return;
      context.write("save rows", () => {
        runs.require(shard.run);
        saveNewRows(shard, width, recipes, shards);
      });
    },
    readLayout: (recipe) => recipes.find(recipe)?.layout ?? null,
    *read(recipe, examples, target) {
      const known = recipes.find(recipe);
      if (known === null) return distinctWhere(examples, () => true);
      requireTarget(target, examples.length, known.width);
      const places = shards.locate(known, examples);
      const absent = new Set<number>();
      places.shards.forEach((shard, index) => {
        if (shard === 0) absent.add(index);
      });
      for (const [shard, indices] of groupByShard(places)) {
        const words = shards.readWords(known, shard);
        const damaged = copyRows({ words, places, indices, width: known.width, target });
        for (const index of damaged) absent.add(index);
        if (damaged.length > 0) shards.salvage(known, shard);
        yield;
      }
      return distinctWhere(examples, (index) => absent.has(index));
    },
    findMakers: (recipe, examples) => {
      const known = recipes.find(recipe);
      if (known === null) return [];
      const makers = new Map<string, RowMaker>();
      for (const [shard, indices] of groupByShard(shards.locate(known, [...new Set(examples)]))) {
        const maker = shards.readMaker(known, shard);
        if (maker !== null) addRowMaker(makers, { ...maker, rows: indices.length });
      }
      return listRowMakers(makers);
    },
    findProviders: () => shards.findProviders(),
    readChecks: (recipe, examples) => {
      const places = locate(recipe, examples);
      return examples.map((_, index) => {
        const checks = places?.headers.get(places.shards[index] ?? 0)?.checks;
        const at = (places?.positions[index] ?? 0) * 2;
        return checks === undefined ? null : formatRowCheck(checks[at] ?? 0, checks[at + 1] ?? 0);
      });
    },
  };
}

/** Leaves out the rows that are there already, so that two processes which computed the same rows store them once. */
function saveNewRows(shard: NewShard, width: number, recipes: RecipeTable, shards: ShardTable): void {
  const recipe = recipes.ensure(shard.recipe, shard.layout);
  const places = shards.locate(recipe, shard.examples);
  const examples = distinctWhere(shard.examples, (index) => places.shards[index] === 0);
  if (examples.length === 0) return;
  const rows = examples.length === shard.examples.length ? shard.rows : pickRows(shard, examples, width);
  const { run, madeBy } = shard;
  shards.insert(recipe, { run, madeBy, examples, checks: checkRows(rows, width), rows });
}

function pickRows(shard: NewShard, examples: readonly string[], width: number): Float32Array {
  const rows = new Float32Array(examples.length * width);
  const firstPositions = new Map(shard.examples.map((example, position) => [example, position] as const).reverse());
  examples.forEach((example, row) => {
    const from = (firstPositions.get(example) ?? 0) * width;
    rows.set(shard.rows.subarray(from, from + width), row * width);
  });
  return rows;
}

/** Indices of examples by shard, in the order in which the shards were written, which is how they lie on the disk. */
function groupByShard({ shards }: RowPlaces): readonly (readonly [number, readonly number[]])[] {
  const byShard = new Map<number, number[]>();
  shards.forEach((shard, index) => {
    if (shard === 0) return;
    const indices = byShard.get(shard);
    if (indices === undefined) byShard.set(shard, [index]);
    else indices.push(index);
  });
  return [...byShard.entries()].sort(([a], [b]) => a - b);
}

interface RowCopy {
  /** The bits of one shard's rows; null where they are gone. */
  readonly words: Uint32Array | null;
  readonly places: RowPlaces;
  /** The examples whose rows are in the shard. */
  readonly indices: readonly number[];
  readonly width: number;
  readonly target: Float32Array;
}

/** Copies one shard's rows, each once its bits have been checked. Returns the examples whose row did not verify. */
function copyRows({ words, places, indices, width, target }: RowCopy): readonly number[] {
  const header = places.headers.get(places.shards[indices[0] ?? 0] ?? 0);
  if (words === null || header === undefined) return indices;
  const floats = new Float32Array(words.buffer, words.byteOffset, words.length);
  return indices.filter((index) => {
    const position = places.positions[index]!;
    const start = position * width;
    if (!isRowIntact({ words, start, width }, header, position)) return true;
    target.set(floats.subarray(start, start + width), index * width);
    return false;
  });
}
