import type { AxisLabel, BestSpec, CellApplication } from "../3-check/checked-program.ts";
import type { ParamValue } from "../signature/signature.ts";
import type { Origin } from "../text/source.ts";

export { cellFunctions } from "../3-check/checked-program.ts";
export type { AxisLabel, BestSpec, CellFunction } from "../3-check/checked-program.ts";

/** A task's name within one graph: the op and eight hex digits of its content, stable while the content is, e.g. `knn:1f3a9c02`. */
export type TaskId = string;

/** One op applied to fixed parameters and inputs. */
export interface Task {
  readonly id: TaskId;
  readonly op: string;
  /** For people: what the task is about in the program's own names, e.g. `knn · deit · pneumonia · test`. */
  readonly label: string;
  /** Every parameter of the op's signature, defaults filled in; split-valued context is here too, under `split`. */
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Where each parameter that the program wrote was written; defaults are absent. */
  readonly paramOrigins: Readonly<Record<string, Origin>>;
  readonly inputs: Readonly<Record<string, TaskId>>;
  /** The declaration (or cell) that asked for the task first. */
  readonly origin: Origin;
  /** The axis values shared by every trial that uses the task. */
  readonly axes: Readonly<Record<string, AxisLabel>>;
}

/** What a program asks for: tasks in an order where inputs come first, and the tables that they fill. */
export interface TaskGraph {
  readonly tasks: readonly Task[];
  readonly tables: readonly TableSpec[];
}

/** A table before any number is known. */
export interface TableSpec {
  readonly title: string;
  readonly origin: Origin;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly CellSpec[];
  readonly best: BestSpec | null;
  /** The task that ranks the rows over the columns' data sets; absent where they are too few. */
  readonly ranking?: TaskId;
}

/** One cell: where it stands and the expression over score tasks that fills it. */
export interface CellSpec {
  readonly row: Readonly<Record<string, AxisLabel>>;
  readonly column: Readonly<Record<string, AxisLabel>>;
  /** As written in the program, e.g. `test.auroc`. */
  readonly metric: string;
  readonly value: CellExpression;
  /** A published number to stand beside ours; null where the program says it is unknown, absent where it says nothing. */
  readonly expected?: number | null;
  /** True where the cell is the difference of two others, which is never best of anything. */
  readonly isDifference?: true;
  /** The task that holds the cell against its rivals, and the cell's place in it; absent where the table wants no intervals. */
  readonly compared?: { readonly task: TaskId; readonly place: number };
}

export type CellExpression =
  /** One metric over the trials that differ only in seeds and draws: each task is one answer. */
  { readonly kind: "scores"; readonly tasks: readonly TaskId[] } | CellApplication<CellExpression>;
