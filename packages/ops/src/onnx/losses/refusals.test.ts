import { describe, expect, it } from "vitest";
import { createGraphBuilder, type GraphType } from "../graph-builder.ts";
import { binaryCrossEntropyLoss } from "./binary-cross-entropy-loss.ts";
import { crossEntropyLoss } from "./cross-entropy-loss.ts";
import { diceCrossEntropyLoss } from "./dice-cross-entropy-loss.ts";
import { meanSquaredError } from "./mean-squared-error.ts";
import { softDiceLoss } from "./soft-dice-loss.ts";

describe("refuses what cannot be meant", () => {
  const call = ({ prediction = [2, 3, 4], truth = [2, 4], type = "int64", counts = [2] }: CallShapes) => {
    const graph = createGraphBuilder();
    return [
      graph,
      {
        prediction: graph.input("prediction", prediction),
        truth: graph.input("truth", truth, type),
        counts: graph.input("counts", counts),
      },
    ] as const;
  };
  const mistakes: Readonly<Record<string, () => unknown>> = {
    "2 weights do not fit the 3 outputs of a prediction.": () =>
      crossEntropyLoss({ classWeights: [1, 2] })(...call({})),
    "4 weights do not fit the 3 outputs of a prediction.": () =>
      binaryCrossEntropyLoss({ positiveWeights: [1, 2, 3, 4] })(...call({})),
    "1 weights do not fit the 3 outputs of a prediction.": () =>
      softDiceLoss({ activation: "softmax", classWeights: [1] })(...call({})),
    "A weight of -1 is not possible.": () => crossEntropyLoss({ classWeights: [1, -1, 1] }),
    "A weight of NaN is not possible.": () => diceCrossEntropyLoss({ activation: "softmax", diceWeight: NaN }),
    "Labels cannot be smoothed by 1.5.": () => crossEntropyLoss({ labelSmoothing: 1.5 }),
    "A truth of int64 [2, 5] does not fit a prediction of [2, 3, 4].": () =>
      crossEntropyLoss()(...call({ truth: [2, 5] })),
    "A truth of float32 [2, 4] does not fit a prediction of [2, 3, 4].": () =>
      meanSquaredError()(...call({ type: "float32" })),
    "Counts of [3] do not fit [2] examples.": () => crossEntropyLoss()(...call({ counts: [3] })),
    "Class numbers are int32 or int64, not float32.": () =>
      crossEntropyLoss()(...call({ truth: [2, 3, 4], type: "float32" })),
    "Sub does not take float32 and int64 together.": () => meanSquaredError()(...call({})),
    "Of a single output there are no shares.": () =>
      softDiceLoss({ activation: "softmax" })(...call({ prediction: [2, 1, 4] })),
    "A single output is no background.": () =>
      softDiceLoss({ activation: "sigmoid", includeBackground: false })(...call({ prediction: [2, 1, 4] })),
  };

  it.each(Object.entries(mistakes))("%s", (message, make) => {
    expect(make).toThrow(message);
  });
});

interface CallShapes {
  readonly prediction?: readonly number[];
  readonly truth?: readonly number[];
  readonly type?: GraphType;
  readonly counts?: readonly number[];
}
