import type { Preset } from "../signature/preset.ts";
import type { ParamValue, Role, SplitName } from "../signature/signature.ts";
import type { Span } from "../text/source.ts";

/**
 * A program whose every name is known and every value has its type: what expanding needs, and nothing of how it was
 * written but the spans. Plain data.
 */
export interface CheckedProgram {
  /** Every `dataset`, `backbone` and `head`, also those written inside an axis. Referred to by position. */
  readonly declarations: readonly CheckedDeclaration[];
  readonly sweeps: readonly CheckedSweep[];
  readonly tables: readonly CheckedTable[];
}

export interface CheckedDeclaration {
  readonly role: Role;
  /** The declared name; for one written inside an axis, its text, e.g. `probe { c: 0.1 }`. */
  readonly label: string;
  /** The constructor's name. */
  readonly op: string;
  /** The parameters that the program sets, those of the declarations that it derives from included. */
  readonly settings: Readonly<Record<string, Setting>>;
  /** Only of a head: what is tuned for every trial, on validation. */
  readonly search: CheckedSearch | null;
  readonly span: Span;
}

/** `search { ... }`: every point is fitted and scored on validation, the best one is fitted again and scored on test. */
export interface CheckedSearch {
  /** The values to try, by parameter of the head; the last one varies fastest. */
  readonly over: Readonly<Record<string, readonly Setting[]>>;
  /** Whether the program names no values, so that they are those of the constructor's own grid. */
  readonly isOfUsualGrid: boolean;
  /** What the head's other parameters are for the search's fits alone, e.g. fewer epochs. */
  readonly settings: Readonly<Record<string, Setting>>;
  readonly select: SelectSpec;
  /** Null where the program does not say: both splits, or the training split where points are scored by folds of it. */
  readonly refit: "train" | "train+val" | null;
  /** Which of a fit's epochs is scored: the last one, or each of them, so that the best is chosen with the point. */
  readonly checkpoint: "last" | "best";
  /** Null: points are scored on the validation split; else by as many folds of the training split. */
  readonly folds: number | null;
  /** The word `search`. */
  readonly span: Span;
}

/** `max val.auroc` */
export interface SelectSpec {
  readonly want: "max" | "min";
  readonly metric: string;
  readonly span: Span;
}

/** A parameter's value and the place that wrote it. */
export interface Setting {
  readonly value: ParamValue;
  readonly span: Span;
}

export interface CheckedSweep {
  readonly name: string;
  /** In the order written; the last one varies fastest. */
  readonly axes: readonly CheckedAxis[];
  /** In the order written; where two set the same parameter of a trial, the later one holds. */
  readonly overrides: readonly CheckedOverride[];
  readonly exceptions: readonly CheckedException[];
  /** The name, as written. */
  readonly span: Span;
}

export interface CheckedAxis {
  /** `backbone`, `seed`, `dataset.shots`. */
  readonly name: string;
  readonly target: AxisTarget;
  readonly values: readonly AxisValue[];
  readonly span: Span;
}

/** What an axis sets: the declaration of a role, every seed of the trial, a protocol's switches, or one parameter. */
export type AxisTarget =
  | { readonly kind: "role"; readonly role: Role }
  | { readonly kind: "seed" }
  | { readonly kind: "preset" }
  | ParamTarget;

export interface ParamTarget {
  readonly kind: "param";
  readonly role: Role;
  readonly param: string;
  readonly isSeed: boolean;
  /** The program does not write the axis: it is none where a declaration or a `where` sets the parameter. */
  readonly isImplied?: true;
}

export type AxisValue = DeclarationAxisValue | SettingAxisValue | PresetAxisValue;

/** A value of `protocol`: a published protocol, or our own (null). */
export interface PresetAxisValue {
  readonly kind: "preset";
  readonly label: string;
  readonly preset: Preset | null;
  readonly span: Span;
}

export interface DeclarationAxisValue {
  readonly kind: "declaration";
  readonly label: string;
  /** Position in `CheckedProgram.declarations`. */
  readonly declaration: number;
  readonly span: Span;
}

export interface SettingAxisValue extends Setting {
  readonly kind: "setting";
  readonly label: string | number | boolean;
}

/** `where {condition} {settings}` */
export interface CheckedOverride {
  readonly condition: CheckedCondition;
  readonly settings: readonly OverrideSetting[];
  readonly span: Span;
}

export interface OverrideSetting extends Setting {
  readonly role: Role;
  readonly param: string;
}

/** `except {condition}` */
export interface CheckedException {
  readonly condition: CheckedCondition;
  readonly span: Span;
}

/** Holds for a trial whose value on each of these axes is one of those listed; both by position. */
export type CheckedCondition = readonly { readonly axis: number; readonly values: readonly number[] }[];

export interface CheckedTable {
  readonly title: string;
  /** Positions in `CheckedProgram.sweeps`. */
  readonly sweeps: readonly number[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly cells: readonly CheckedCell[];
  readonly best: BestSpec | null;
  /** The axis of the columns, of two values, whose difference is shown beside them; null: none. */
  readonly difference: string | null;
  readonly statistics: StatisticsSpec;
  readonly expected: readonly ExpectedNumber[];
  /** The title, as written. */
  readonly span: Span;
}

/** How a table's intervals and tests are made. */
export interface StatisticsSpec {
  readonly intervals: IntervalMethod;
  /** Bootstrap resamples of the scored patients. */
  readonly resamples: number;
  /** Which resamples: another seed shows how much they matter. */
  readonly seed: number;
}

export type IntervalMethod = "bootstrap" | "delong" | "none";

export const intervalMethods: readonly IntervalMethod[] = ["bootstrap", "delong", "none"];

export interface CheckedCell {
  /** As shown: `test.auroc`, `mean(test.auroc, val.auroc)`. */
  readonly text: string;
  readonly expression: MetricExpression;
  readonly span: Span;
}

export type MetricExpression = MetricLeaf | CellApplication<MetricExpression>;

export interface CellApplication<Argument> {
  readonly kind: "apply";
  readonly function: CellFunction;
  readonly arguments: readonly Argument[];
  /** Of a rank: the lowest value has rank 1. Absent: the highest one. */
  readonly lowerIsBetter?: true;
}

/** `test.auroc { average: weighted }` */
export interface MetricLeaf {
  readonly kind: "metric";
  readonly split: SplitName;
  readonly metric: string;
  /** The metric's parameters that the program sets. */
  readonly settings: Readonly<Record<string, Setting>>;
  readonly span: Span;
}

/** A published number and the labels that say which cell it belongs to, in the order of the cell's own labels. */
export interface ExpectedNumber {
  readonly path: readonly string[];
  readonly value: number | null;
  readonly span: Span;
}

/** How an axis value is shown; `null` where the axis does not apply (shown as "-"). */
export type AxisLabel = string | number | boolean | null;

/** Which cell of a row or column is marked as the best. */
export interface BestSpec {
  readonly want: "max" | "min";
  readonly per: "column" | "row" | "table";
}

/** `rank` is among the rows of a column (1 = best); the others combine their arguments seed by seed. */
export type CellFunction = "mean" | "min" | "max" | "difference" | "ratio" | "rank";

export const cellFunctions: readonly CellFunction[] = ["mean", "min", "max", "difference", "ratio", "rank"];
