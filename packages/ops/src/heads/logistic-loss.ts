import { addRows, multiplyRows, rowTile, type DesignMatrix } from "./design-matrix.ts";
import type { Objective } from "./lbfgs.ts";

export interface LogisticProblem {
  readonly design: DesignMatrix;
  /** 1 for a sigmoid, the number of classes for a softmax. */
  readonly outputs: number;
  /** 0 or 1 for a sigmoid, the class for a softmax; one entry per row of the design matrix. */
  readonly targets: Int32Array;
  /** What each row's loss counts, 0 or more; as many as there are targets. */
  readonly weights: Float64Array;
  /** Weight of the losses against the penalty: scikit-learn's C. */
  readonly c: number;
}

/**
 * C · (sum over examples of weight · cross-entropy) + ½ · (sum of squared weights); the biases bear no penalty. A point holds
 * the weights [outputs, width] and then the biases [outputs]. Value and gradient come from one pass over the data.
 */
export function createLogisticLoss({ design, outputs, targets, weights, c }: LogisticProblem): Objective {
  const truth = { targets, weights };
  const weightCount = outputs * design.width;
  const logits = Array.from({ length: outputs }, () => new Float64Array(rowTile));
  const link = outputs === 1 ? sigmoidToResiduals : softmaxToResiduals;
  return {
    size: weightCount + outputs,
    evaluate: (point, gradient) => {
      let penalty = 0;
      for (let index = 0; index < weightCount; index++) {
        const weight = point[index]!;
        gradient[index] = weight;
        penalty += 0.5 * weight * weight;
      }
      gradient.fill(0, weightCount);
      let loss = 0;
      for (let first = 0; first < design.paddedRows; first += rowTile) {
        logits.forEach((tile, output) => {
          multiplyRows(design, first, { values: point, offset: output * design.width }, tile);
          const bias = point[weightCount + output]!;
          for (let row = 0; row < rowTile; row++) tile[row]! += bias;
        });
        loss += link(logits, truth, first);
        logits.forEach((residuals, output) => {
          for (let row = 0; row < rowTile; row++) {
            residuals[row]! *= c;
            gradient[weightCount + output]! += residuals[row]!;
          }
          addRows(design, first, residuals, { values: gradient, offset: output * design.width });
        });
      }
      return c * loss + penalty;
    },
  };
}

/**
 * Replaces the logits of a tile of rows (one array per output) by weight · (probability - target) and returns the weighted sum
 * of the rows' cross-entropies. Rows past the last target are padding and count nothing.
 */
type LinkToResiduals = (
  logits: readonly Float64Array[],
  truth: Pick<LogisticProblem, "targets" | "weights">,
  first: number,
) => number;

const sigmoidToResiduals: LinkToResiduals = (logits, { targets, weights }, first) => {
  const values = logits[0]!;
  const used = Math.min(rowTile, targets.length - first);
  let loss = 0;
  for (let row = 0; row < used; row++) {
    const logit = values[row]!;
    const target = targets[first + row]!;
    const weight = weights[first + row]!;
    const tail = Math.exp(-Math.abs(logit));
    loss += weight * (Math.max(logit, 0) - target * logit + Math.log1p(tail));
    values[row] = weight * ((logit >= 0 ? 1 : tail) / (1 + tail) - target);
  }
  values.fill(0, used);
  return loss;
};

const softmaxToResiduals: LinkToResiduals = (logits, { targets, weights }, first) => {
  const used = Math.min(rowTile, targets.length - first);
  let loss = 0;
  for (let row = 0; row < used; row++) {
    const target = targets[first + row]!;
    const weight = weights[first + row]!;
    let largest = -Infinity;
    for (const values of logits) largest = Math.max(largest, values[row]!);
    const targetLogit = logits[target]![row]!;
    let sum = 0;
    for (const values of logits) {
      values[row] = Math.exp(values[row]! - largest);
      sum += values[row]!;
    }
    loss += weight * (Math.log(sum) + largest - targetLogit);
    for (const values of logits) values[row]! /= sum;
    logits[target]![row]! -= 1;
    for (const values of logits) values[row]! *= weight;
  }
  for (const values of logits) values.fill(0, used);
  return loss;
};
