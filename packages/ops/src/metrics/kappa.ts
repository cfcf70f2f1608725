import type { Predictions } from "../artifacts/predictions.ts";
import { prepareMeanOverClasses } from "./class-average.ts";
import { confusionStatistic, type Confusion } from "./confusion.ts";
import { defineMetric } from "./define-metric.ts";
import { valueOnce } from "./mean-over-classes.ts";
import type { PreparedMetric, WeightBlock } from "./metric.ts";
import { predictedClasses } from "./predicted-classes.ts";
import { addProducts, addWeights } from "./weight-sums.ts";
import { withNote } from "./with-note.ts";

type Weights = "none" | "linear" | "quadratic";

/** Agreement of predicted and true classes beyond chance. */
export const kappa = defineMetric({
  name: "kappa",
  version: 1,
  summary:
    "Cohen's kappa, the agreement of predicted and true classes beyond what their frequencies alone would give; for multi-label the mean over labels at 0.5.",
  better: "higher",
  params: {
    weights: {
      type: "choice",
      choices: ["none", "linear", "quadratic"],
      default: "none",
      summary:
        "How much a wrong class counts: all alike (none), or by how far apart the two stand in the list of classes (linear) or its square (quadratic), which suits grades.",
    },
  },
  prepare: (predictions, { weights }) => {
    if (predictions.problem !== "multi-label") return prepareClasses(predictions, weights);
    const statistic = confusionStatistic(kappaOfFlags);
    const prepared = prepareMeanOverClasses(predictions, { title: "Kappa", statistic, needsOfTwo: "both" });
    if (weights === "none") return prepared;
    return withNote(prepared, `A label is there or not: \`weights: ${weights}\` changes nothing.`);
  },
});

/** One minus the disagreement that was seen over the one that the frequencies of truth and prediction would give. */
function prepareClasses(predictions: Predictions, weights: Weights): PreparedMetric {
  const resample = resampleKappa(predictions, weights);
  const value = valueOnce(resample, predictions.ids.length);
  const only = predictions.classNames[predictions.labels.values[0]!] ?? "";
  const notes = value === null ? [`Kappa is not defined: every scored example has and was given class "${only}".`] : [];
  return { measurement: { value, perClass: null, notes }, resample };
}

function resampleKappa(predictions: Predictions, weights: Weights): (block: WeightBlock) => Float64Array {
  const classes = predictions.classNames.length;
  const truth = predictions.labels.values;
  const predicted = predictedClasses(predictions);
  return (block) => {
    const { count } = block;
    const seen = new Float64Array(count);
    const trueCounts = Array.from({ length: classes }, () => new Int32Array(count));
    const predictedCounts = Array.from({ length: classes }, () => new Int32Array(count));
    for (let row = 0; row < truth.length; row++) {
      const [label, answer] = [truth[row]!, predicted[row]!];
      addWeights(trueCounts[label]!, block, row);
      addWeights(predictedCounts[answer]!, block, row);
      if (label !== answer) addProducts(seen, block, { row, factor: distance(label, answer, weights) });
    }
    return seen.map((disagreement, resample) => {
      const total = trueCounts.reduce((sum, counts) => sum + counts[resample]!, 0);
      let byChance = 0;
      trueCounts.forEach((ofTruth, label) => {
        predictedCounts.forEach((ofAnswer, answer) => {
          byChance += distance(label, answer, weights) * ofTruth[resample]! * ofAnswer[resample]!;
        });
      });
      return byChance === 0 ? Number.NaN : 1 - (disagreement * total) / byChance;
    });
  };
}

/** What it counts to take one class for the other. */
function distance(label: number, answer: number, weights: Weights): number {
  const steps = Math.abs(label - answer);
  if (weights === "none") return Math.min(steps, 1);
  return weights === "linear" ? steps : steps * steps;
}

function kappaOfFlags({ truePositives, falsePositives, falseNegatives, trueNegatives }: Confusion): number {
  const [positives, negatives] = [truePositives + falseNegatives, trueNegatives + falsePositives];
  const [given, notGiven] = [truePositives + falsePositives, trueNegatives + falseNegatives];
  const byChance = positives * notGiven + negatives * given;
  return 1 - ((falsePositives + falseNegatives) * (positives + negatives)) / byChance;
}
