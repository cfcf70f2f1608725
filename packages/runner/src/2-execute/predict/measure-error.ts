import type { RunId } from "../../store/store.ts";
import { estimateCost, isSameCall, median, type Basis, type PastTask } from "./estimate-cost.ts";

/** Tasks of one op whose predictions rest on the same. */
export interface PredictedGroup {
  readonly basis: Basis;
  /** What was predicted for all of them together: seconds or bytes. */
  readonly predicted: number;
  /** Past tasks of the op. */
  readonly history: readonly PastTask[];
}

/** How far predictions of a kind were off: half of the runs by at most this factor, either way. */
export interface PredictionError {
  readonly factor: number;
  /** Runs that it was measured on. With one alone, its tasks were predicted from each other. */
  readonly runs: number;
}

/** What is measured: a cost that a prediction sums. */
export type Measured = "seconds" | "storedBytes";

/** Of each op and basis, so many past tasks are predicted anew. */
const tried = 32;

/** What is a smaller part of a prediction than this says nothing of its error, and what is measured must make up as much. */
const [slight, most] = [0.01, 0.5];

/**
 * How far off a prediction like this one was. Each past task is predicted as if its run had never been, by the same estimator,
 * and from nothing better than what the plan's tasks of its op had. What its run took, by op, against what was predicted is
 * then weighed as in this plan: so far off would the plan be, were it to deviate as that run did. Null where less than half
 * of what is predicted can be tried so.
 *
 * The runs' own predictions, noted at their start, would be simpler to compare. But they would be of other mixes of work than
 * this plan's, there would be none of the first runs and of those that nobody planned, and a better estimator would be
 * judged by its predecessors.
 */
export function measureError(groups: readonly PredictedGroup[], measured: Measured): PredictionError | null {
  const whole = groups.reduce((sum, { predicted }) => sum + predicted, 0);
  const weighty = groups.filter(({ predicted }) => predicted > slight * whole);
  const measuredGroups = weighty.flatMap((group) => {
    const ratios = ratiosByRun(group, measured);
    return ratios.size === 0 ? [] : [{ weight: group.predicted, ratios, usual: median([...ratios.values()]) }];
  });
  const covered = measuredGroups.reduce((sum, { weight }) => sum + weight, 0);
  if (covered <= most * whole) return null;
  const runs = new Set(measuredGroups.flatMap(({ ratios }) => [...ratios.keys()]));
  const factors = [...runs].flatMap((run) => {
    const present = measuredGroups.reduce((sum, { weight, ratios }) => sum + (ratios.has(run) ? weight : 0), 0);
    if (present < most * covered) return [];
    // A run without some op says nothing of it: the others stand in.
    const sum = measuredGroups.reduce((all, { weight, ratios, usual }) => all + weight * (ratios.get(run) ?? usual), 0);
    return sum > 0 ? [Math.max(sum / covered, covered / sum)] : [];
  });
  return factors.length === 0 ? null : { factor: median(factors), runs: factors.length };
}

/** What tasks of an op took in each run, against what they would have been predicted to take. */
function ratiosByRun({ basis, history }: PredictedGroup, measured: Measured): ReadonlyMap<RunId, number> {
  const hasSeveralRuns = history.some(({ run }) => run !== history[0]?.run);
  const sums = new Map<RunId, { taken: number; predicted: number }>();
  for (const past of spread(history)) {
    const isOut = (other: PastTask): boolean => (hasSeveralRuns ? other.run === past.run : isSameCall(other, past));
    const estimate = estimateCost(past.traits, history, { finest: basis, without: isOut });
    if (estimate === null) continue;
    const rows = past.traits.rows ?? 1;
    const sum = sums.get(past.run) ?? { taken: 0, predicted: 0 };
    sum.taken += past.cost[measured] * rows;
    sum.predicted += estimate[measured] * rows;
    sums.set(past.run, sum);
  }
  const compared = [...sums].filter(([, { taken, predicted }]) => taken > 0 && predicted > 0);
  return new Map(compared.map(([run, { taken, predicted }]) => [run, taken / predicted]));
}

/** Some of the tasks, evenly spread over them, and so over their runs. */
function spread(history: readonly PastTask[]): readonly PastTask[] {
  const step = Math.max(1, history.length / tried);
  const count = Math.min(history.length, tried);
  return Array.from({ length: count }, (_, index) => history[Math.floor(index * step)]!);
}
