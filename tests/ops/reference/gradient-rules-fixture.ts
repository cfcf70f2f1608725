import { readFileSync } from "node:fs";

/** What `gradient_rules.py` wrote: cases by operator and by name. */
export type GradientRulesFixture = Readonly<Record<string, Readonly<Record<string, TorchCase>>>>;

/** One call of an operator in PyTorch, in float64. Lists are row-major. */
export interface TorchCase {
  readonly inputs: readonly TorchInput[];
  /** Of the value. */
  readonly shape: readonly number[];
  readonly value: readonly number[];
  /** For each input; null for one that is fixed. */
  readonly gradients: readonly (readonly number[] | null)[];
}

export interface TorchInput {
  readonly shape: readonly number[];
  /** Its values where they are not drawn. */
  readonly values?: readonly number[];
  /** How they are drawn: the least value, the step to the next, and how many values there are. */
  readonly draw?: readonly [least: number, step: number, levels: number];
  readonly fixed?: true;
}

/** JSON has no word for what is infinite or no number, so that these stand there as text. */
export function readGradientRulesFixture(): GradientRulesFixture {
  const text = readFileSync(new URL("gradient_rules.json", import.meta.url), "utf8");
  const named: readonly unknown[] = ["Infinity", "-Infinity", "NaN"];
  return JSON.parse(text, (_, value: unknown) =>
    named.includes(value) ? Number(value) : value,
  ) as GradientRulesFixture;
}
