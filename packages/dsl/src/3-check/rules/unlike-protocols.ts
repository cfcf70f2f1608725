import { unlikeProtocols } from "../../diagnostics/catalog-protocol.ts";
import type { Role } from "../../signature/signature.ts";
import { canonicalJson } from "../../text/canonical-json.ts";
import type { CheckedSweep, CheckedTable, OverrideSetting } from "../checked-program.ts";
import { combinationsOf, type Combination } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import { writtenValue } from "../written-value.ts";
import type { Rule, RuleSubject } from "./rule.ts";

/**
 * Rows that stand under each other are compared. A `where` that gives some of them another head's or data set's setting,
 * which neither a row nor a column shows, makes the comparison one of protocols.
 */
export const rowsHaveOneProtocol: Rule = (subject) => {
  if (!subject.isWhole) return;
  const { program, context } = subject;
  const report = reportOnce(context.report);
  for (const table of program.tables) {
    const sweeps = table.sweeps.flatMap((position) => program.sweeps[position] ?? []);
    const shown = new Set([...table.rows, ...table.columns]);
    const changed = sweeps
      .flatMap((sweep) => sweep.overrides.flatMap(({ settings }) => settings))
      .filter((setting) => setting.role !== "backbone" && !shown.has(nameOf(setting)));
    if (changed.length === 0) continue;
    const combinations = sweeps.flatMap((sweep) => combinationsOf(sweep, ["dataset", "backbone", "head"], subject));
    for (const setting of changed) checkSetting(setting, { table, combinations, report });
  }
};

interface TableScope {
  readonly table: CheckedTable;
  readonly combinations: readonly Combination[];
  readonly report: RuleSubject["context"]["report"];
}

function checkSetting(setting: OverrideSetting, { table, combinations, report }: TableScope): void {
  const { role, param, span } = setting;
  const rivals = new Map<string, Map<string, Set<string>>>();
  for (const combination of combinations) {
    const found = combination.valueOf(role, param);
    if (found === null) continue;
    const key = rivalKey(combination, role, table);
    const rows = rivals.get(key) ?? new Map<string, Set<string>>();
    const row = canonicalJson(table.rows.map((axis) => labelOn(axis, combination)));
    rivals.set(key, rows.set(row, (rows.get(row) ?? new Set<string>()).add(writtenValue(found.value, found.spec))));
  }
  const mixed = [...rivals.values()].map(valuesOfRows).find((values) => values.length > 1);
  if (mixed === undefined) return;
  report(unlikeProtocols(span, { table: table.title, name: nameOf(setting), values: mixed, at: table.span }));
}

/** The values that rows have; none where one row mixes several in itself, which is told of its cells. */
function valuesOfRows(rows: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const values = [...rows.values()];
  return values.some(({ size }) => size > 1) ? [] : [...new Set(values.flatMap((found) => [...found]))];
}

/**
 * What rows have in common that are compared: the column and all that is said of the data; for a head's setting also the
 * head, since another head has another protocol by its name.
 */
function rivalKey({ sweep, choice, declarations }: Combination, role: Role, { columns }: CheckedTable): string {
  const labels = sweep.axes.map((axis, position) => {
    // Trials of one seed are compared; what differs among the seeds of one cell is told elsewhere.
    const isShared = axis.name === "protocol" || axis.name.split(".")[0] === "dataset" || isSeedAxis(axis);
    return isShared || columns.includes(axis.name) ? [axis.name, labelAt(sweep, position, choice)] : null;
  });
  const kept = labels.filter((label) => label !== null);
  return canonicalJson([...kept, role === "head" ? (declarations.head?.label ?? null) : null]);
}

function isSeedAxis({ target }: CheckedSweep["axes"][number]): boolean {
  return target.kind === "seed" || (target.kind === "param" && target.isSeed);
}

function labelAt({ axes }: CheckedSweep, position: number, choice: readonly number[]) {
  return axes[position]?.values[choice[position] ?? -1]?.label ?? null;
}

function labelOn(axis: string, { sweep, choice }: Combination) {
  const position = sweep.axes.findIndex(({ name }) => name === axis);
  return position < 0 ? null : labelAt(sweep, position, choice);
}

function nameOf({ role, param }: OverrideSetting): string {
  return `${role}.${param}`;
}
