import { delongOfOther } from "../../diagnostics/catalog-table.ts";
import type { MetricExpression } from "../checked-program.ts";
import type { Rule } from "./rule.ts";

/** Only AUROC, and what is a weighted sum of AUROCs, has DeLong's variance. */
export const delongIsOfAuroc: Rule = ({ program, context, isWhole }) => {
  if (!isWhole) return;
  for (const { statistics, cells } of program.tables) {
    const others = statistics.intervals === "delong" ? cells.filter(({ expression }) => !isSum(expression)) : [];
    for (const { span, text } of others) context.report(delongOfOther(span, text));
  }
};

/** A rank is shown without an interval, whatever it is of. */
function isSum(expression: MetricExpression): boolean {
  if (expression.kind === "metric") return expression.metric === "auroc";
  if (expression.function === "rank") return true;
  return (expression.function === "mean" || expression.function === "difference") && expression.arguments.every(isSum);
}
