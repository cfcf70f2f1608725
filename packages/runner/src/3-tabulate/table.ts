import type { AxisLabel, TaskId } from "@exp-lab/dsl";
import type { Ranking } from "@exp-lab/ops";

/** A finished (or half-filled) table: the document that `exp table --format json` prints, and that every other format is drawn from. */
export interface Table {
  readonly version: 1;
  readonly title: string;
  /** One entry per row: axis -> value, in the order in which the rows stand. */
  readonly rows: readonly Labels[];
  readonly columns: readonly Labels[];
  readonly cells: readonly Cell[];
  /** One sentence each, for under the table; the sentence begins with the rows, columns or cells it is about, unless that is all. */
  readonly notes: readonly string[];
  /** How the rows rank over the data sets of the columns; only where there are eight data sets or more. */
  readonly ranking?: RowRanking;
}

/** What a critical-difference diagram shows. */
export interface RowRanking extends Ranking {
  /** In the order of `averageRanks`, to whose positions `cliques` refer. */
  readonly rows: readonly Labels[];
}

/** The least and the most of several counts. */
export interface CountRange {
  readonly least: number;
  readonly most: number;
}

export type Labels = Readonly<Record<string, AxisLabel>>;

export interface Cell {
  readonly row: Labels;
  readonly column: Labels;
  readonly metric: string;
  /** Distinct answers behind the cell. */
  readonly n: number;
  /** Null while nothing is stored, or where the metric is undefined (a note says why). */
  readonly mean: number | null;
  /** Sample deviation over seeds and draws; null for n < 2. */
  readonly std: number | null;
  readonly ci95: readonly [number, number] | null;
  readonly ciMethod: string | null;
  readonly nTest: number | null;
  readonly nGroups: number | null;
  /** Examples that the heads behind the cell were fitted on, over its answers; null where none was fitted here. */
  readonly nTrain: CountRange | null;
  /** The patients that these are of; examples without one count each for themselves. */
  readonly nTrainGroups: CountRange | null;
  /** The examples of every class; null also where the answers are of different classes. */
  readonly nTrainPerClass: Readonly<Record<string, CountRange>> | null;
  readonly p: number | null;
  readonly pAdjusted: number | null;
  readonly expected: number | null;
  /** What a reader must know of this cell, one sentence each; `Table.notes` holds them all, each once. */
  readonly notes: readonly string[];
  /** The score tasks that the number rests on; for a rank these are the tasks of the whole column. */
  readonly tasks: readonly TaskId[];
  /** How many of the cell's tasks have an answer; a cell is whole when it equals `tasks.length`. */
  readonly done: number;
  readonly failed: number;
  /** Marked by the table's `best`. */
  readonly best: boolean;
  /** Tested against the marked best, and not told apart from it at 0.05 (by `pAdjusted`). */
  readonly likeBest: boolean;
}
