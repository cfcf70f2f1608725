import type { ParamsOf } from "../op.ts";
import type { Metric, MetricParams } from "./metric.ts";

/** A metric as the list of all metrics holds it: its parameters are checked against its own declarations before it is asked. */
export function defineMetric<const Specs extends MetricParams>(metric: Metric<Specs>): Metric {
  return { ...metric, prepare: (predictions, params) => metric.prepare(predictions, params as ParamsOf<Specs>) };
}
