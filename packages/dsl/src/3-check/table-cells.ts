import type { CheckedTable, MetricExpression } from "./checked-program.ts";

export type MetricCell = Extract<MetricExpression, { readonly kind: "metric" }>;

/** Every `SPLIT.METRIC` that the cells of a table are made of. */
export function metricsOfTable({ cells }: CheckedTable): readonly MetricCell[] {
  return cells.flatMap(({ expression }) => metricsOf(expression));
}

function metricsOf(expression: MetricExpression): readonly MetricCell[] {
  return expression.kind === "metric" ? [expression] : expression.arguments.flatMap(metricsOf);
}
