import { emptySplitScored, scoredWithoutValidation } from "../../diagnostics/catalog-protocol.ts";
import { combinationsOf } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import { isEmptySplit, isRefusedByShots } from "../split-facts.ts";
import { metricsOfTable } from "../table-cells.ts";
import type { Rule } from "./rule.ts";

/** A cell asks for a score on a split that has examples, and that few-shot training has not said to do without. */
export const noScoreOnNothing: Rule = (subject) => {
  if (!subject.isWhole) return;
  const { program, context } = subject;
  const report = reportOnce(context.report);
  for (const table of program.tables) {
    const sweeps = table.sweeps.flatMap((position) => program.sweeps[position] ?? []);
    const combinations = sweeps.flatMap((sweep) => combinationsOf(sweep, ["dataset"], subject));
    for (const { split, span } of metricsOfTable(table)) {
      for (const combination of combinations) {
        const dataset = combination.declarations.dataset?.label ?? "";
        if (isEmptySplit(split, combination)) report(emptySplitScored(span, { split, dataset }));
        else if (split === "val" && isRefusedByShots(combination)) report(scoredWithoutValidation(span, dataset));
      }
    }
  }
};
