import type { Span } from "../text/source.ts";
import type { UnknownWord } from "./catalog-check.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { makeDiagnostic } from "./make-diagnostic.ts";
import { hintForName, listWords } from "./wording.ts";

// What can be wrong with tables and with the wiring of the ops that fill them (E180 to E209). One function each.

export const unknownTableField = ({ span, word, known }: UnknownWord): Diagnostic =>
  makeDiagnostic("E180", { span, message: `a table has no \`${word}\``, hint: hintForName(word, known) });

export const missingTableField = (span: Span, title: string, field: { name: string; example: string }): Diagnostic =>
  makeDiagnostic("E181", {
    span,
    message: `the table "${title}" has no \`${field.name}\``,
    hint: `write e.g. \`${field.example}\``,
  });

export const unknownSweep = ({ span, word, known }: UnknownWord): Diagnostic =>
  makeDiagnostic("E182", {
    span,
    message: `there is no sweep \`${word}\``,
    hint: hintForName(word, known) ?? `declare it: \`sweep ${word} { ... }\``,
  });

export const notAName = (span: Span, field: string, expected: string): Diagnostic =>
  makeDiagnostic("E183", { span, message: `\`${field}\` takes ${expected}` });

export const unknownTableAxis = ({ span, word, known }: UnknownWord): Diagnostic =>
  makeDiagnostic("E184", {
    span,
    message: `no sweep of this table has the axis \`${word}\``,
    hint: hintForName(word, known),
  });

export const repeatedTableName = (span: Span, name: string, first: Span): Diagnostic =>
  makeDiagnostic("E185", {
    span,
    message: `\`${name}\` is named twice in this table`,
    hint: "keep one of the two",
    related: [{ span: first, message: "first named here" }],
  });

export const notAMetric = (span: Span): Diagnostic =>
  makeDiagnostic("E186", {
    span,
    message: "a cell is a metric of a split, or a function of such",
    hint: "write e.g. `test.auroc` or `difference(test.auroc, val.auroc)`",
  });

export const unknownSplit = ({ span, word, known }: UnknownWord): Diagnostic =>
  makeDiagnostic("E187", {
    span,
    message: `there is no split \`${word}\`; the splits are ${listWords(known, "and")}`,
    hint: hintForName(word, known),
  });

export const unknownMetric = ({ span, word, known }: UnknownWord): Diagnostic =>
  makeDiagnostic("E188", { span, message: `there is no metric \`${word}\``, hint: hintForName(word, known) });

export const unknownCellFunction = ({ span, word, known }: UnknownWord): Diagnostic =>
  makeDiagnostic("E189", {
    span,
    message: `there is no function \`${word}\` for cells`,
    hint: hintForName(word, known),
  });

export const wrongArity = (span: Span, name: string, counts: { expected: string; found: number }): Diagnostic =>
  makeDiagnostic("E190", {
    span,
    message: `\`${name}\` takes ${counts.expected}, found ${String(counts.found)}`,
  });

export const innerRank = (span: Span): Diagnostic =>
  makeDiagnostic("E191", {
    span,
    message: "`rank` compares whole cells and cannot stand inside another function",
    hint: "make it a cell of its own",
  });

/** `values`: the labels that one cell would mix. */
export const hiddenAxis = (span: Span, axis: { name: string; values: readonly string[]; at: Span }): Diagnostic =>
  makeDiagnostic("E192", {
    span,
    message: `the axis \`${axis.name}\` has ${String(axis.values.length)} values and is neither in \`rows\` nor in \`columns\`; each cell would mix them`,
    hint: `add \`${axis.name}\` to \`rows\` or \`columns\`, or fix it to one value`,
    related: [{ span: axis.at, message: "the axis is here" }],
  });

export const badBest = (span: Span): Diagnostic =>
  makeDiagnostic("E193", {
    span,
    message: "`best` is `max` or `min`, per column, row or table",
    hint: "write e.g. `best: max per column`",
  });

export const badExpected = (span: Span): Diagnostic =>
  makeDiagnostic("E194", {
    span,
    message: "`expected` gives a number, or null where none is known, for the labels of a row and a column",
    hint: "write e.g. `expected: { dinov2_l: { nih: 0.763 } }`",
  });

export const expectedWithoutCell = (span: Span, path: string): Diagnostic =>
  makeDiagnostic("E195", {
    span,
    message: `the table has no cell for \`${path}\``,
    hint: "name values of the axes in `rows`, then in `columns`, in the order of the axes",
  });

export const expectedForSeveral = (span: Span, path: string, cells: number): Diagnostic =>
  makeDiagnostic("E196", {
    span,
    message: `\`${path}\` fits ${String(cells)} cells, and a published number belongs to one`,
    hint: "name more of the cell's labels",
  });

export const repeatedCell = (span: Span, cell: string, first: Span): Diagnostic =>
  makeDiagnostic("E197", {
    span,
    message: `the cell \`${cell}\` is written twice in this table`,
    hint: "keep one of the two",
    related: [{ span: first, message: "first written here" }],
  });

export const noProducer = (
  span: Span,
  wiring: { metric: string; kind: string; declarations: readonly string[] },
): Diagnostic =>
  makeDiagnostic("E201", {
    span,
    message: `\`${wiring.metric}\` needs ${wiring.kind}, which no op makes${withDeclarations(wiring.declarations)}`,
    hint: "use another metric, or another constructor",
  });

/** The declaration of a role makes something else than the metric needs. */
export const unfitDeclaration = (
  span: Span,
  wiring: { metric: string; needs: string; label: string; role: string; op: string; makes: string; at: Span },
): Diagnostic =>
  makeDiagnostic("E202", {
    span,
    message: `\`${wiring.metric}\` needs ${wiring.needs}, but the ${wiring.role} \`${wiring.label}\` (\`${wiring.op}\`) gives ${wiring.makes}`,
    hint: `use another metric, or another ${wiring.role}`,
    related: [{ span: wiring.at, message: `the ${wiring.role} is declared here` }],
  });

export const severalProducers = (
  span: Span,
  wiring: { metric: string; kind: string; ops: readonly string[] },
): Diagnostic =>
  makeDiagnostic("E203", {
    span,
    message: `\`${wiring.metric}\` needs ${wiring.kind}, which ${listWords(wiring.ops, "and")} both make; which one is meant cannot be told`,
    hint: "use a constructor that leaves one of them",
  });

export const circularWiring = (span: Span, metric: string, op: string): Diagnostic =>
  makeDiagnostic("E204", { span, message: `\`${metric}\` needs \`${op}\`, whose input is made from its own output` });

export const mixedCell = (span: Span, cell: { labels: string; metric: string }): Diagnostic =>
  makeDiagnostic("E205", {
    span,
    message: `this cell would mix answers that differ in more than seeds (${cell.labels}, ${cell.metric})`,
    hint: "add the axis that tells them apart to `rows` or `columns`, use a table for each sweep, or let `where` hold for all seeds",
  });

export const missingParam = (span: Span, owner: { label: string; op: string; param: string }): Diagnostic =>
  makeDiagnostic("E206", {
    span,
    message: `\`${owner.label}\` needs \`${owner.param}\` (a parameter of \`${owner.op}\`)`,
    hint: `write \`${owner.param}: ...\``,
  });

function withDeclarations(labels: readonly string[]): string {
  return labels.length === 0 ? "" : ` from ${listWords(labels, "and")}`;
}

/** `labels` null: where something else than a column's best is marked. */
export const badDifference = (span: Span, axis: string, labels: readonly string[] | null): Diagnostic =>
  makeDiagnostic("E207", {
    span,
    message:
      labels === null
        ? `beside the difference over \`${axis}\` only the best of a column can be marked`
        : `a difference is between two values of \`${axis}\`, and the table's sweeps have ${String(labels.length)}`,
    hint:
      labels === null
        ? "write `best: max per column`"
        : "leave two values on the axis; the difference is the second one's score minus the first one's",
  });

export const unpairedAnswers = (span: Span, cell: { labels: string; metric: string }): Diagnostic =>
  makeDiagnostic("E208", {
    span,
    message: `this cell would combine answers of different seeds or draws (${cell.labels}, ${cell.metric})`,
    hint: "let the sweeps have the same values on their seed axes, or the axis be in one of them alone",
  });

export const delongOfOther = (span: Span, cell: string): Diagnostic =>
  makeDiagnostic("E209", {
    span,
    message: `DeLong's intervals are for \`auroc\`, its means and differences, and \`${cell}\` is another`,
    hint: "write `intervals: bootstrap`, which serves every metric, or leave the cell to a table of its own",
  });
