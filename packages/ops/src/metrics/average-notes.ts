import type { ProblemKind } from "../artifacts/examples.ts";
import type { AverageSettings } from "./average-params.ts";
import type { AveragedMetric, Scope } from "./class-average.ts";
import type { ClassColumn } from "./class-columns.ts";

export interface ScopeNotes {
  readonly problem: ProblemKind;
  readonly scope: Scope;
  readonly metric: AveragedMetric;
  readonly settings: AverageSettings;
  /** Whether each column of the scope has the examples that the metric needs. */
  readonly isDefined: readonly boolean[];
  readonly value: number | null;
}

/** What a reader of the value must know: what is left out or set, and what stands on few examples. */
export function notesOfScope(about: ScopeNotes): readonly string[] {
  const { scope, metric, settings, isDefined, value } = about;
  const columns = scope.of === "classes" ? scope.columns : [scope.column];
  const lacking = columns.filter((_, index) => !isDefined[index]!);
  const defined = columns.filter((_, index) => isDefined[index]!);
  const nothing = value === null && scope.of === "classes";
  return [
    ...describeSecond(about),
    ...lacking.map((column) => describeLack(column, about)),
    ...(nothing ? ["No class has both positives and negatives: the average is not defined."] : []),
    ...defined.flatMap((column) => metric.noteOf?.(column) ?? []),
    ...describeUnknown(columns),
    ...describeFew(defined),
    ...(scope.of === "one class" && settings.average !== null
      ? [
          `The value is that of class "${scope.column.name ?? ""}" alone: \`average: ${settings.average}\` changes nothing.`,
        ]
      : []),
  ];
}

/** How many flags are unknown, in one sentence. */
export function describeUnknown(columns: readonly ClassColumn[]): readonly string[] {
  const unknown = columns.reduce((sum, column) => sum + column.unknown, 0);
  if (unknown === 0) return [];
  const all = columns.reduce((sum, column) => sum + column.unknown + column.rows.length, 0);
  return [`${unknown} of ${all} flags in the scored split are unknown and left out.`];
}

/** Which class of two counts as the positive one, where the program does not say. */
function describeSecond({ problem, scope, metric, settings }: ScopeNotes): readonly string[] {
  if (scope.of !== "one class" || problem !== "binary") return [];
  if (settings.class !== null || metric.isSameForBoth === true) return [];
  return [`${metric.title} is for class "${scope.column.name ?? ""}", the second of two.`];
}

function describeLack(column: ClassColumn, { scope, metric: { title }, settings }: ScopeNotes): string {
  const side = column.positives === 0 ? "positives" : "negatives";
  const isZero = settings.absent === "zero";
  if (scope.of === "classes") {
    const result = isZero ? "counts as 0 in the average" : "is left out of the average";
    return `Class "${column.name ?? ""}" has no ${side} in the scored split and ${result}.`;
  }
  const result = isZero ? "is set to 0" : "is not defined";
  if (scope.of === "pooled flags") return `${title} ${result}: no class has ${side} in the scored split.`;
  const { other } = scope;
  if (other === null) {
    return `${title} of class "${column.name ?? ""}" ${result}: it has no ${side} in the scored split.`;
  }
  const absent = column.positives === 0 ? (column.name ?? "") : other;
  return `${title} ${result}: the scored split has no example of class "${absent}".`;
}

/** Below this many examples of one side, intervals rest on single examples. */
const few = 20;

/** What follows from few examples, in the middle of a sentence: for one class, and for several. */
interface Consequence {
  readonly ofOne: string;
  readonly ofSeveral: string;
}

/** Of a value that needs both sides. */
const rough: Consequence = {
  ofOne: "its interval is wide and its estimate rough",
  ofSeveral: "so that their intervals are wide and their estimates rough",
};

/** Of a value that is defined without one of the sides: the other one makes up nearly all of it. */
const oneSided: Consequence = {
  ofOne: "it counts in the average, but its value says little of these",
  ofSeveral: "and count in the average all the same, though their values say little of these",
};

/** Of labels that count in an average whatever sides they have: which of them lack one, or have little of it. */
export function describeCounted(columns: readonly ClassColumn[]): readonly string[] {
  return describeFew(columns, oneSided);
}

/** One sentence, of one class or of many. */
function describeFew(columns: readonly ClassColumn[], consequence = rough): readonly string[] {
  const scarce = columns.filter(({ positives, negatives }) => Math.min(positives, negatives) < few);
  const [first] = scarce;
  if (first === undefined) return [];
  if (scarce.length === 1) {
    const subject = first.name === null ? "All classes together have" : `Class "${first.name}" has`;
    const sides = fewSides(first).map((side) => (side.startsWith("no ") ? side : `only ${side}`));
    return [`${subject} ${sides.join(" and ")} in the scored split: ${consequence.ofOne}.`];
  }
  const list = scarce.map((column) => `"${column.name ?? ""}" (${fewSides(column).join(", ")})`).join(", ");
  return [
    `${scarce.length} classes have fewer than ${few} positives or negatives in the scored split, ${consequence.ofSeveral}: ${list}.`,
  ];
}

function fewSides({ positives, negatives }: ClassColumn): readonly string[] {
  const sides = [
    { count: positives, side: "positive" },
    { count: negatives, side: "negative" },
  ];
  return sides
    .filter(({ count }) => count < few)
    .map(({ count, side }) => `${count === 0 ? "no" : count} ${side}${count === 1 ? "" : "s"}`);
}
