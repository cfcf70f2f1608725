import { readFileSync } from "node:fs";
import { hashedValues } from "./hashed-weights.ts";

/** What `optimisers.py` wrote. */
export interface OptimisersFixture {
  /** Of the two parameters. */
  readonly shapes: readonly (readonly number[])[];
  readonly schedules: readonly ScheduleFactors[];
  readonly runs: readonly OptimiserRun[];
}

export interface ScheduleFactors {
  readonly schedule: ScheduleSettings;
  /** Of the steps, from the first. */
  readonly factors: readonly number[];
}

export type ScheduleSettings = { readonly warmUp?: { readonly steps: number; readonly startFactor: number } } & (
  | { readonly kind: "constant" }
  | { readonly kind: "cosine"; readonly steps: number }
  | { readonly kind: "step"; readonly every: number; readonly factor: number }
  | { readonly kind: "polynomial"; readonly steps: number; readonly power: number }
);

export type OptimiserSettings =
  | { readonly kind: "sgd"; readonly momentum: number; readonly nesterov: boolean }
  | { readonly kind: "adamW"; readonly beta1: number; readonly beta2: number; readonly epsilon: number };

/** Steps of PyTorch in float64. */
export interface OptimiserRun {
  readonly name: string;
  readonly optimiser: OptimiserSettings;
  /** Of the parameters, as the weight decays are. */
  readonly rates: readonly number[];
  readonly weightDecays: readonly number[];
  /** What the schedule multiplies the rates with at each step. */
  readonly factors: readonly number[];
  /** Null: gradients are not clipped. */
  readonly largestNorm: number | null;
  /** Both parameters, one after the other, after every step. */
  readonly trajectory: readonly (readonly number[])[];
  /** Of the gradients before clipping. */
  readonly norms: readonly number[];
  /** How far PyTorch was from `trajectory` in float32. */
  readonly float32Distance: number;
}

export function readOptimisersFixture(): OptimisersFixture {
  return JSON.parse(readFileSync(new URL("optimisers.json", import.meta.url), "utf8")) as OptimisersFixture;
}

/** Drawn as `optimisers.py` draws it: in [-1, 1], and exact in float32. */
export function drawOptimiserInput(name: string, count: number): Float64Array {
  return hashedValues(name, count).map(Math.fround);
}
