import type { Predictions } from "../../artifacts/predictions.ts";
import type { InputValue, OpContext } from "../../op-context.ts";
import type { SingleOp } from "../../op.ts";

const signature = {
  name: "pool",
  version: 1,
  summary: "The predictions of all folds as one set: each example by the fit that has not seen it.",
  use: "pool",
  role: "head",
  params: {},
  inputs: { parts: { kind: "predictions", many: true, summary: "The predictions of each fold." } },
  output: "predictions",
} as const;

/**
 * Folds one after the other. Where one of them has no predictions, the whole has none. Several fits made them: they do not say
 * what any one of these was trained on.
 */
export const pool: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async ({ inputs }): Promise<Predictions> => {
    const parts = partsOf(inputs);
    const [first] = parts;
    if (first === undefined) throw new Error("There are no predictions to pool.");
    const unusable = parts.find((part) => part.unusable !== null);
    if (unusable !== undefined) return unusable;
    return {
      problem: first.problem,
      classNames: first.classNames,
      ids: parts.flatMap((part) => part.ids),
      groups: parts.flatMap((part) => part.groups),
      labels: {
        width: first.labels.width,
        values: Int32Array.from(parts.flatMap((part) => [...part.labels.values])),
      },
      scores: Float64Array.from(parts.flatMap((part) => [...part.scores])),
      unusable: null,
      notes: [...new Set(parts.flatMap((part) => part.notes))],
    };
  },
};

function partsOf(inputs: OpContext["inputs"]): readonly Predictions[] {
  const count = Object.keys(inputs).length;
  return Array.from({ length: count }, (_, index) => {
    const input = inputs[`parts.${String(index)}`] as InputValue<"predictions"> | undefined;
    if (input?.kind !== "predictions") throw new Error(`Fold ${String(index)} has no predictions.`);
    return input.value;
  });
}
