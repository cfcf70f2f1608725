import { splitNames, type SplitName } from "@exp-lab/dsl";
import type { AuditedIndex } from "../artifacts/audited.ts";
import { OpError } from "../op-error.ts";
import { drawShots, type ShortClass } from "./draw-shots.ts";
import { assignFolds } from "./folds.ts";
import { selectRows } from "./select-rows.ts";
import type { SplitParams } from "./split-signature.ts";

export interface ChosenRows {
  /** Ascending. */
  readonly rows: readonly number[];
  /** What has to be said of the choice, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * The rows of a split by its name; of `train+val`; or of one fold of the training split (`fold 2/5`) and of what is left of it
 * (`rest 2/5`). Where few shots are asked for, the training split is what was drawn of it, folds included.
 */
export function chooseRows(index: AuditedIndex, params: SplitParams): ChosenRows {
  const fold = /^(fold|rest) (\d+)\/(\d+)$/.exec(params.split);
  const names = splitNames.filter((name) => (fold === null ? params.split.split("+") : ["train"]).includes(name));
  const absent = names.find((name) => !index.splits.includes(name));
  if (absent !== undefined) throw emptySplit(index, absent);
  if (names.length > 1) refuseRefit(params);

  const parts = names.map((name) => rowsOfSplit(index, name, params));
  const rows = parts.flatMap((part) => part.rows).sort((a, b) => a - b);
  const notes = parts.flatMap((part) => part.notes);
  if (fold === null) return { rows, notes };
  const [, side, number, folds] = fold;
  const assigned = assignFolds(selectRows(index, rows), Number(folds));
  return { rows: rows.filter((_, place) => (assigned[place] === Number(number) - 1) === (side === "fold")), notes };
}

function rowsOfSplit(index: AuditedIndex, name: SplitName, params: SplitParams): ChosenRows {
  const { shots, shots_val: validation } = params;
  const all = index.splits.flatMap((split, row) => (split === name ? [row] : []));
  if (shots === null || name === "test") return { rows: all, notes: [] };
  if (name === "val" && validation === "none") throw refusedVal();
  if (name === "val" && validation === "full")
    return { rows: all, notes: [describeWholeVal(all.length, shots, params)] };
  const drawn = drawShots(selectRows(index, all), {
    shots,
    of: params.shots_of,
    order: params.draw_order,
    draw: params.draw,
    purpose: name === "train" ? "shots" : "validation shots",
  });
  return { rows: drawn.rows.map((place) => all[place]!), notes: describeShort(drawn.short, { name, shots, params }) };
}

function describeWholeVal(images: number, shots: number, { split, shots_of: unit }: SplitParams): string {
  const drawn = `${countOf(shots, unit)} of each class`;
  return split === "val"
    ? `Validation is on all ${countOf(images, "images")} of the split val, where training has ${drawn} (shots_val: full).`
    : `Besides ${drawn} of the split train, training has all ${countOf(images, "images")} of the split val (shots_refit_val).`;
}

function describeShort(
  short: readonly ShortClass[],
  { name, shots, params }: { readonly name: SplitName; readonly shots: number; readonly params: SplitParams },
): readonly string[] {
  if (short.length === 0) return [];
  const classes = short.map(({ className, drawn }) => `${className} (${String(drawn)})`).join(", ");
  return [`The split ${name} has fewer than ${countOf(shots, params.shots_of)} of these classes to draw: ${classes}.`];
}

function countOf(count: number, unit: "images" | "patients"): string {
  return `${String(count)} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

function refuseRefit({ shots, shots_refit_val: isAllowed }: SplitParams): void {
  if (shots === null || isAllowed) return;
  throw new OpError(
    "shots-refit",
    `A refit on train and val together would learn from more than the ${String(shots)} shots of each class.`,
    "Write `refit: train`; or `shots_refit_val: true`, if the validation examples are to be learned from all the same.",
  );
}

function refusedVal(): OpError {
  return new OpError(
    "val-refused",
    "Few-shot training goes without validation here (shots_val: none), but something is asked of the split val.",
    "Fix the head's parameters in place of searching for them, or write `shots_val: matched` or `shots_val: full`.",
  );
}

function emptySplit({ splits, notes }: AuditedIndex, wanted: SplitName): OpError {
  const counts = splitNames.map((name) => `${name} ${String(splits.filter((found) => found === name).length)}`);
  const said = ["", ...notes.filter((note) => note.startsWith("Leaks: "))].join(" ");
  return new OpError(
    "split-empty",
    `The data set has no example in the split ${wanted}: ${counts.join(", ")}.${said}`,
    wanted === "val"
      ? "Give the data set a val split. A search does without one by `folds: 5` and `refit: train`."
      : `Give the data set a ${wanted} split, or ask for nothing of it.`,
  );
}
