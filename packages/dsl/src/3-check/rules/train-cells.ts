import { scoredOnOwnExamples, scoredOnViews } from "../../diagnostics/catalog-protocol.ts";
import { combinationsOf } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import { metricsOfTable } from "../table-cells.ts";
import type { Rule } from "./rule.ts";

/** A score on the training split tells what a head has learned by heart; with views it would be one of pictures that no data set holds. */
export const noScoreOnOwnExamples: Rule = (subject) => {
  if (!subject.isWhole) return;
  const { program, context } = subject;
  const report = reportOnce(context.report);
  for (const table of program.tables) {
    const cells = metricsOfTable(table).filter(({ split }) => split === "train");
    if (cells.length === 0) continue;
    const sweeps = table.sweeps.flatMap((position) => program.sweeps[position] ?? []);
    const views = sweeps
      .flatMap((sweep) => combinationsOf(sweep, ["dataset"], subject))
      .flatMap(({ valueOf }) => valueOf("dataset", "views") ?? [])
      .find(({ value }) => typeof value === "number" && value !== 0);
    for (const { span, metric } of cells) {
      if (views === undefined) report(scoredOnOwnExamples(span, metric));
      else report(scoredOnViews(span, metric, views.span));
    }
  }
};
