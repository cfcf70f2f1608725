import type { FieldNode, NameNode, TableNode, ValueNode } from "../2-ast/ast.ts";
import { duplicateField, misplaced, notSupportedYet, severalValues } from "../diagnostics/catalog-check.ts";
import {
  badBest,
  badDifference,
  missingTableField,
  notAName,
  repeatedCell,
  repeatedTableName,
  unknownSweep,
  unknownTableAxis,
  unknownTableField,
} from "../diagnostics/catalog-table.ts";
import { checkCell } from "./check-cells.ts";
import type { CheckContext } from "./check-context.ts";
import { checkExpected } from "./check-expected.ts";
import { checkStatistics } from "./check-statistics.ts";
import type { BestSpec, CheckedCell, CheckedSweep, CheckedTable } from "./checked-program.ts";
import { pathText } from "./value-text.ts";

/** The sweeps that a table may take its trials from. */
export interface SweepTable {
  readonly all: readonly CheckedSweep[];
  /** Position by name; null for a sweep with a mistake (reported). */
  readonly positions: ReadonlyMap<string, number | null>;
}

/** Checks one table. What has a mistake is reported and left out. */
export function checkTable(node: TableNode, sweeps: SweepTable, context: CheckContext): CheckedTable {
  const fields = readFields(node, context);
  const from = checkFrom(fields.get("from"), sweeps, context);
  const named = new Map<string, NameNode["span"]>();
  const rows = checkAxisNames(fields.get("rows"), { from, sweeps, named, context });
  const columns = checkAxisNames(fields.get("columns"), { from, sweeps, named, context });
  const cells = checkCells(fields.get("cells"), context);
  reportMissing(node, fields, context);
  const best = checkBest(fields.get("best"), context);
  return {
    title: node.title.raw,
    sweeps: from ?? [],
    rows,
    columns,
    cells,
    best,
    difference: checkDifference(fields, { columns, best, from: from ?? [], sweeps, context }),
    statistics: checkStatistics(fields, context),
    expected: checkExpected(fields.get("expected"), context),
    span: node.title.span,
  };
}

const tableFields = [
  "from",
  "rows",
  "columns",
  "cells",
  "best",
  "expected",
  "difference",
  "intervals",
  "resamples",
  "resample_seed",
];

function readFields(node: TableNode, context: CheckContext): ReadonlyMap<string, FieldNode> {
  const fields = new Map<string, FieldNode>();
  for (const entry of node.block.entries) {
    if (entry.kind !== "field") {
      const word = entry.kind === "section" ? entry.name.text : entry.kind;
      context.report(misplaced(entry.span, `the block \`${word} { ... }\``, "a table"));
      continue;
    }
    const name = pathText(entry.key);
    const first = fields.get(name);
    if (name === "label") context.report(notSupportedYet(entry.key.span, "`label` in a table"));
    else if (!tableFields.includes(name)) {
      context.report(unknownTableField({ span: entry.key.span, word: name, known: tableFields }));
    } else if (first === undefined) fields.set(name, entry);
    else context.report(duplicateField(entry.key.span, name, first.key.span));
  }
  return fields;
}

function reportMissing(node: TableNode, fields: ReadonlyMap<string, FieldNode>, context: CheckContext): void {
  const title = node.title.raw;
  const examples = { from: "from: my_sweep", cells: "cells: test.auroc" };
  for (const [name, example] of Object.entries(examples)) {
    if (!fields.has(name)) context.report(missingTableField(node.title.span, title, { name, example }));
  }
  if (fields.has("rows") || fields.has("columns")) return;
  context.report(missingTableField(node.title.span, title, { name: "rows", example: "rows: backbone" }));
}

/** The sweeps after `from`, by position; null where one is unknown or has a mistake. */
function checkFrom(field: FieldNode | undefined, sweeps: SweepTable, context: CheckContext): readonly number[] | null {
  if (field === undefined) return null;
  const firsts = new Map<string, NameNode["span"]>();
  const found = readNames(field, "the name of a sweep, or several in brackets", context).map((name) => {
    const first = firsts.get(name.text);
    if (first !== undefined) context.report(repeatedTableName(name.span, name.text, first));
    firsts.set(name.text, name.span);
    context.used.add(name.text);
    const position = sweeps.positions.get(name.text);
    if (position === undefined) {
      context.report(unknownSweep({ span: name.span, word: name.text, known: [...sweeps.positions.keys()] }));
    }
    return position ?? null;
  });
  const whole = found.filter((position) => position !== null);
  return whole.length === found.length ? whole : null;
}

interface AxisNames {
  readonly from: readonly number[] | null;
  readonly sweeps: SweepTable;
  /** The axes named so far in this table. */
  readonly named: Map<string, NameNode["span"]>;
  readonly context: CheckContext;
}

function checkAxisNames(field: FieldNode | undefined, options: AxisNames): readonly string[] {
  const { from, sweeps, named, context } = options;
  if (field === undefined) return [];
  const known = (from ?? []).flatMap((sweep) => (sweeps.all[sweep]?.axes ?? []).map((axis) => axis.name));
  return readNames(field, "the names of axes, e.g. `backbone, head.k`", context).flatMap((name) => {
    const first = named.get(name.text);
    if (first !== undefined) {
      context.report(repeatedTableName(name.span, name.text, first));
      return [];
    }
    named.set(name.text, name.span);
    if (from === null || known.includes(name.text)) return [name.text];
    context.report(unknownTableAxis({ span: name.span, word: name.text, known }));
    return [];
  });
}

/** The dotted names that a field lists, with or without brackets. */
function readNames(field: FieldNode, expected: string, context: CheckContext): readonly NameNode[] {
  const values: readonly ValueNode[] = field.values.flatMap((value) => (value.kind === "list" ? value.items : [value]));
  return values.flatMap((value) => {
    if (value.kind === "reference") return [{ text: pathText(value.path), span: value.span }];
    context.report(notAName(value.span, pathText(field.key), expected));
    return [];
  });
}

/** Cells are told apart by how they are written: each is a line, or a column, of the table. */
function checkCells(field: FieldNode | undefined, context: CheckContext): readonly CheckedCell[] {
  const values = (field?.values ?? []).flatMap((value) => (value.kind === "list" ? value.items : [value]));
  const byText = new Map<string, CheckedCell>();
  for (const value of values) {
    const cell = checkCell(value, context);
    if (cell === null) continue;
    const first = byText.get(cell.text);
    if (first === undefined) byText.set(cell.text, cell);
    else context.report(repeatedCell(cell.span, cell.text, first.span));
  }
  return [...byText.values()];
}

interface DifferenceScope {
  readonly columns: readonly string[];
  readonly best: BestSpec | null;
  readonly from: readonly number[];
  readonly sweeps: SweepTable;
  readonly context: CheckContext;
}

/** `difference: protocol`: an axis of the columns with two values; what is best is then chosen per column. */
function checkDifference(fields: ReadonlyMap<string, FieldNode>, scope: DifferenceScope): string | null {
  const field = fields.get("difference");
  if (field === undefined) return null;
  const { columns, best, from, sweeps, context } = scope;
  const [name, ...more] = readNames(field, "the name of an axis, e.g. `protocol`", context);
  if (more.length > 0) context.report(severalValues(field.span, "difference"));
  if (name === undefined) return null;
  if (!columns.includes(name.text)) {
    context.report(unknownTableAxis({ span: name.span, word: name.text, known: columns }));
    return null;
  }
  const axes = from.flatMap((sweep) => (sweeps.all[sweep]?.axes ?? []).filter((axis) => axis.name === name.text));
  const labels = [...new Set(axes.flatMap((axis) => axis.values.map(({ label }) => String(label))))];
  const isPerColumn = best === null || best.per === "column";
  if (labels.length === 2 && isPerColumn) return name.text;
  context.report(badDifference(name.span, name.text, isPerColumn ? labels : null));
  return null;
}

function checkBest(field: FieldNode | undefined, context: CheckContext): BestSpec | null {
  if (field === undefined) return null;
  const [value, ...more] = field.values;
  if (more.length > 0) {
    context.report(severalValues(field.span, "best"));
    return null;
  }
  const want = value?.kind === "choose" ? value.want.text : "";
  const per = value?.kind === "choose" && value.of === null ? value.per?.text : undefined;
  if ((want === "max" || want === "min") && (per === "column" || per === "row" || per === "table"))
    return { want, per };
  context.report(badBest(value?.span ?? field.span));
  return null;
}
