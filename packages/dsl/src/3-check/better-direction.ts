import type { OpSignature } from "../signature/signature.ts";
import type { MetricExpression } from "./checked-program.ts";

type Better = NonNullable<OpSignature["better"]>;

/** Which values of an expression are better; null where neither is, or where its metrics disagree. */
export function betterDirection(
  expression: MetricExpression,
  metrics: ReadonlyMap<string, OpSignature>,
): Better | null {
  if (expression.kind === "metric") return metrics.get(expression.metric)?.better ?? null;
  if (expression.function === "difference" || expression.function === "ratio") return null;
  const [first, ...others] = expression.arguments.map((argument) => betterDirection(argument, metrics));
  return first != null && others.every((other) => other === first) ? first : null;
}
