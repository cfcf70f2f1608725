import type { SingleOp } from "../op.ts";
import { accuracy } from "./accuracy.ts";
import { auroc } from "./auroc.ts";
import { averagePrecision } from "./average-precision.ts";
import { balancedAccuracy } from "./balanced-accuracy.ts";
import { brier } from "./brier.ts";
import { calibrationError } from "./calibration-error.ts";
import { f1 } from "./f1.ts";
import { kappa } from "./kappa.ts";
import { createMetricOp } from "./metric-op.ts";
import type { Metric } from "./metric.ts";
import { precision } from "./precision.ts";
import { sensitivity } from "./sensitivity.ts";
import { specificity } from "./specificity.ts";
import { topK } from "./top-k.ts";

/** Every metric: one line per metric. */
export const metricDefinitions: readonly Metric[] = [
  accuracy,
  auroc,
  averagePrecision,
  balancedAccuracy,
  brier,
  calibrationError,
  f1,
  kappa,
  precision,
  sensitivity,
  specificity,
  topK,
];

/** The same as ops. */
export const metrics: readonly SingleOp[] = metricDefinitions.map(createMetricOp);

export function findMetric(name: string): Metric | undefined {
  return metricDefinitions.find((metric) => metric.name === name);
}
