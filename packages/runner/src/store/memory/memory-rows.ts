import type { RowLayout } from "@exp-lab/ops";
import type { Recipe } from "../../hash/digests.ts";
import { checkRows, formatRowCheck } from "../row-check.ts";
import { addRowMaker, listRowMakers, providerOf } from "../row-makers.ts";
import {
  distinctWhere,
  layoutText,
  layoutWidth,
  requireHash,
  requireSameLayout,
  requireShard,
  requireTarget,
} from "../store-arguments.ts";
import type { RowMaker, Store, StoreStatistics } from "../store.ts";
import type { MemoryRuns } from "./memory-runs.ts";

/** Rows of per-example ops. */
export interface MemoryRows {
  readonly operations: Pick<
    Store,
    "missingRows" | "saveRows" | "readLayout" | "readRows" | "readRowChecks" | "findRowMakers" | "findRowProviders"
  >;
  statistics(): Pick<StoreStatistics, "rows" | "rowBytes">;
  /** What is held, to be looked through and removed from. */
  readonly recipes: Map<Recipe, RecipeRows>;
}

export interface RecipeRows {
  readonly layout: RowLayout;
  readonly rows: Map<string, Float32Array>;
  /** The run that made each row, and on what. */
  readonly makers: Map<string, Omit<RowMaker, "rows">>;
}

export function createMemoryRows(runs: MemoryRuns): MemoryRows {
  const recipes = new Map<Recipe, RecipeRows>();
  const rowsOf = (recipe: Recipe, examples: readonly string[]): readonly (Float32Array | null)[] => {
    requireHash(recipe);
    examples.forEach(requireHash);
    return examples.map((example) => recipes.get(recipe)?.rows.get(example) ?? null);
  };

  return {
    operations: {
      missingRows: (recipe, examples) => {
        const rows = rowsOf(recipe, examples);
        return distinctWhere(examples, (index) => rows[index] === null);
      },
      saveRows: (shard) => {
        const width = requireShard(shard);
        requireHash(shard.recipe);
        runs.require(shard.run);
        if (shard.examples.length === 0) return;
        const known: RecipeRows = recipes.get(shard.recipe) ?? {
          layout: shard.layout,
          rows: new Map(),
          makers: new Map(),
        };
        requireSameLayout(layoutText(known.layout), layoutText(shard.layout));
        recipes.set(shard.recipe, known);
        shard.examples.forEach((example, index) => {
          if (known.rows.has(example)) return;
          known.rows.set(example, shard.rows.slice(index * width, (index + 1) * width));
          known.makers.set(example, { madeBy: shard.madeBy, run: shard.run });
        });
      },
      findRowMakers: (recipe, examples) => {
        requireHash(recipe);
        const makers = new Map<string, RowMaker>();
        for (const example of new Set(examples)) {
          const maker = recipes.get(recipe)?.makers.get(example);
          if (maker !== undefined) addRowMaker(makers, { ...maker, rows: 1 });
        }
        return listRowMakers(makers);
      },
      findRowProviders: () => {
        const makers = [...recipes.values()].flatMap((known) => [...known.makers.values()]);
        return [...new Set(makers.map(({ madeBy }) => providerOf(madeBy)))].sort();
      },
      readLayout: (recipe) => {
        requireHash(recipe);
        return recipes.get(recipe)?.layout ?? null;
      },
      *readRows(recipe, examples, target) {
        const rows = rowsOf(recipe, examples);
        const known = recipes.get(recipe);
        if (known === undefined) return distinctWhere(examples, () => true);
        const width = layoutWidth(known.layout);
        requireTarget(target, examples.length, width);
        rows.forEach((row, index) => {
          if (row !== null) target.set(row, index * width);
        });
        yield;
        return distinctWhere(examples, (index) => rows[index] === null);
      },
      readRowChecks: (recipe, examples) =>
        rowsOf(recipe, examples).map((row) => {
          if (row === null) return null;
          const check = checkRows(row, row.length);
          return formatRowCheck(check[0] ?? 0, check[1] ?? 0);
        }),
    },
    recipes,
    statistics: () => {
      const all = [...recipes.values()].flatMap(({ rows }) => [...rows.values()]);
      return { rows: all.length, rowBytes: all.reduce((bytes, row) => bytes + row.byteLength, 0) };
    },
  };
}
