import { createRandom, drawTestSet, truthOf, type SimulatedPatients } from "./simulated-patients.ts";
import { runOp } from "./run-op.ts";

export interface CoverageCell extends SimulatedPatients {
  /** Test sets that are drawn. */
  readonly sets: number;
}

/** Of both metrics, the share of intervals that hold the true value, in percent. */
export interface Coverage {
  readonly auroc: number;
  readonly accuracy: number;
}

const resamples = 1000;
/** Resamples are drawn for so many seeds in turn, so that a set of weights is drawn once for many test sets. */
const seeds = 64;

/** From drawn test sets to intervals by the ops `resample` and `compare`, as a table makes them. */
export async function measureCoverage({ sets, ...simulated }: CoverageCell, seed: number): Promise<Coverage> {
  const random = createRandom(seed);
  const truth = truthOf(simulated);
  const held = { auroc: 0, accuracy: 0 };
  for (let set = 0; set < sets; set++) {
    const predictions = { kind: "predictions", value: drawTestSet(simulated, random) } as const;
    for (const metric of ["auroc", "accuracy"] as const) {
      const wired = { resamples, seed: set % seeds };
      const value = await runOp("resample", { metric, settings: {}, ...wired }, { predictions });
      const cells = [{ answers: [{ input: 0, draw: null }] }];
      const inputs = { "resamples.0": { kind: "resamples", value } } as const;
      const comparison = await runOp<"comparison">("compare", { cells, want: null, ...wired }, inputs);
      const [low, high] = comparison.cells[0]?.ci95 ?? [Number.NaN, Number.NaN];
      if (low <= truth[metric] && truth[metric] <= high) held[metric]++;
    }
  }
  return { auroc: (100 * held.auroc) / sets, accuracy: (100 * held.accuracy) / sets };
}
