import { readFileSync } from "node:fs";
import { hashedValues } from "./hashed-weights.ts";

/** What `training_steps.py` wrote. */
export interface TrainingStepsFixture {
  readonly batch: number;
  readonly rate: number;
  readonly largestNorm: number;
  readonly classWeights: readonly number[];
  /** Of each image of a batch. */
  readonly counts: readonly number[];
  readonly runs: Readonly<Record<"clipped" | "groups" | "parts" | "frozen norms" | "batch norms", TrainingStepsRun>>;
}

/** Steps of PyTorch in float64. */
export interface TrainingStepsRun {
  readonly losses: readonly number[];
  /** Of the gradients before clipping. */
  readonly norms: readonly number[];
  /** Parameters and running moments after the last step. */
  readonly values: Readonly<Record<string, readonly number[]>>;
}

/** What `low_rank.py` wrote. */
export interface LowRankFixture {
  readonly batch: number;
  readonly rank: number;
  readonly alpha: number;
  readonly rate: number;
  readonly momentum: number;
  readonly losses: readonly number[];
  /** Down and up of the first layer, then of the second, after the last step. */
  readonly pairs: readonly number[];
  /** How far PyTorch was from them in float32. */
  readonly float32Distance: number;
}

export function readTrainingSteps(): TrainingStepsFixture {
  return JSON.parse(readFileSync(new URL("training_steps.json", import.meta.url), "utf8")) as TrainingStepsFixture;
}

export function readLowRank(): LowRankFixture {
  return JSON.parse(readFileSync(new URL("low_rank.json", import.meta.url), "utf8")) as LowRankFixture;
}

/** Drawn as the scripts draw it: in [-1, 1], and exact in float32; variances are positive. */
export function drawStepsInput(name: string, count: number): Float32Array {
  const values = Float32Array.from(hashedValues(name, count));
  return name.endsWith("running_var") ? values.map(Math.abs) : values;
}

/** Class numbers of a step's images. */
export function drawStepsLabels(step: number, count: number, classes: number): Int32Array {
  return Int32Array.from(drawStepsInput(`labels ${step}`, count), (value) => Math.floor(((value + 1) * classes) / 2));
}
