import type { RowLayout } from "@exp-lab/ops";
import type { Recipe } from "../../hash/digests.ts";
import { layoutText, layoutWidth, requireSameLayout } from "../store-arguments.ts";
import { entryCheck, hashToBlob } from "./entry-check.ts";
import type { TableContext } from "./table-context.ts";

/** Recipes that have rows, by small integers, so that a row's index entry stays small. */
export interface RecipeTable {
  find(recipe: Recipe): StoredRecipe | null;
  /** Null also where its entry does not verify, which is not counted here. */
  findById(id: number): StoredRecipe | null;
  /** Inside the caller's transaction. @throws Error where the recipe's rows have another layout */
  ensure(recipe: Recipe, layout: RowLayout): StoredRecipe;
}

export interface StoredRecipe {
  readonly id: number;
  readonly recipe: Recipe;
  readonly layout: RowLayout;
  readonly layoutText: string;
  /** Floats in one row. */
  readonly width: number;
}

export function openRecipes(context: TableContext): RecipeTable {
  const { connection } = context;
  const select = connection.prepare<[Buffer], RecipeRow>(
    "select id, layout, lower(hex(entry_check)) as entry_check from recipe where hash = ?",
  );
  const selectById = connection.prepare<[number], RecipeRow & { readonly recipe: Recipe }>(
    "select id, lower(hex(hash)) as recipe, layout, lower(hex(entry_check)) as entry_check from recipe where id = ?",
  );
  const insert = connection.prepare("insert into recipe (hash, layout, entry_check) values (?, ?, unhex(?))");
  const replace = connection.prepare("update recipe set layout = ?, entry_check = unhex(?) where id = ?");

  return {
    find: (recipe) => {
      const row = select.get(hashToBlob(recipe));
      if (row === undefined) return null;
      if (isRowIntact(recipe, row)) return storedRecipe(recipe, row.id, row.layout);
      // The layout comes back with the next shard, and the rows with it.
      context.noteDamage(() => undefined);
      return null;
    },
    findById: (id) => {
      const row = selectById.get(id);
      return row !== undefined && isRowIntact(row.recipe, row) ? storedRecipe(row.recipe, id, row.layout) : null;
    },
    ensure: (recipe, layout) => {
      const row = select.get(hashToBlob(recipe));
      const text = layoutText(layout);
      const check = recipeCheck(recipe, text);
      if (row === undefined) {
        return storedRecipe(recipe, Number(insert.run(hashToBlob(recipe), text, check).lastInsertRowid), text);
      }
      if (isRowIntact(recipe, row)) requireSameLayout(row.layout, text);
      else replace.run(text, check, row.id);
      return storedRecipe(recipe, row.id, text);
    },
  };
}

interface RecipeRow {
  readonly id: number;
  readonly layout: string;
  readonly entry_check: string;
}

function storedRecipe(recipe: Recipe, id: number, text: string): StoredRecipe {
  const layout = JSON.parse(text) as RowLayout;
  return { id, recipe, layout, layoutText: text, width: layoutWidth(layout) };
}

function isRowIntact(recipe: Recipe, row: RecipeRow): boolean {
  return row.entry_check === recipeCheck(recipe, row.layout);
}

function recipeCheck(recipe: Recipe, text: string): string {
  return entryCheck("recipe", [recipe, text]);
}
