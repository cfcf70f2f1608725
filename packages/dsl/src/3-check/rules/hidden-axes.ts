import { hiddenAxis } from "../../diagnostics/catalog-table.ts";
import type { CheckedAxis, CheckedTable } from "../checked-program.ts";
import type { Rule, RuleSubject } from "./rule.ts";

/**
 * A cell takes its mean over seeds and draws, and over nothing else: an axis with more than one value in the table's
 * sweeps taken together is among the rows or columns. A sweep without the axis counts as a value of its own ("-").
 */
export const noAxisIsHidden: Rule = (subject) => {
  for (const table of subject.program.tables) checkTable(table, subject);
};

function checkTable(table: CheckedTable, { program, context }: RuleSubject): void {
  const sweeps = table.sweeps.flatMap((position) => program.sweeps[position] ?? []);
  const shown = new Set([...table.rows, ...table.columns]);
  const axes = sweeps.flatMap((sweep) => sweep.axes);
  const hidden = new Map(
    axes.filter((axis) => !shown.has(axis.name) && !isSeedAxis(axis)).map((axis) => [axis.name, axis]),
  );
  for (const [name, axis] of hidden) {
    const labels = sweeps.flatMap((sweep): readonly string[] => {
      const own = sweep.axes.find((candidate) => candidate.name === name);
      return own === undefined ? ["-"] : own.values.map((value) => String(value.label));
    });
    const values = [...new Set(labels)];
    if (values.length > 1) context.report(hiddenAxis(table.span, { name, values, at: axis.span }));
  }
}

function isSeedAxis({ target }: CheckedAxis): boolean {
  return target.kind === "seed" || (target.kind === "param" && target.isSeed);
}
