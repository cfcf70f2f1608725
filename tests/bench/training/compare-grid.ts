import { setTimeout as delay } from "node:timers/promises";
import { trainWithOnnx, type TrainingTask } from "@exp-lab/ops";
import { grid, makeGridTask } from "./grid-task.ts";
import { secondsPerPair } from "./bare-products.ts";
import { watchOtherPrograms } from "./other-programs.ts";
import type { TorchGrid, TorchProcess } from "./torch-process.ts";

/** A grid as both sides train it. */
export type ComparedGrid = Pick<TorchGrid, "features" | "columns" | "rows" | "loss" | "ways">;

/** Steps per second, measured one after the other. */
export interface Round {
  readonly ours: number;
  /** Pairs of bare products per second. */
  readonly bare: number;
  readonly torch: Readonly<Record<string, number>>;
  /** Cores that other programs kept busy meanwhile. */
  readonly others: number;
}

export interface Comparison {
  /** Those that other programs disturbed are left out where enough are left. */
  readonly rounds: readonly Round[];
  /** How many of `rounds` other programs disturbed. */
  readonly disturbed: number;
  /** The ways of PyTorch that could not be measured, and why. */
  readonly missing: Readonly<Record<string, string>>;
}

export interface Measuring {
  /** Null: PyTorch is not measured. */
  readonly torch: TorchProcess | null;
  readonly threads: number;
}

const wantedRounds = 5;
const fewestRounds = 3;
/** When rounds are no longer repeated, however disturbed. */
const longestSeconds = 70;
const disturbing = 0.1;
const secondsOfTorch = 0.8;
const secondsOfOurs = 2;
const secondsOfBare = 0.5;
/** Largest relative distance of two ways' weights after the same steps: far above rounding, far below another algorithm. */
const tolerance = 1e-4;

/**
 * Machines drift: all are measured in turn, round by round, so that ratios can be taken within a round. Rounds go on until
 * enough were undisturbed by other programs, which slow the two sides unequally.
 */
export async function compareGrid(compared: ComparedGrid, measuring: Measuring): Promise<Comparison> {
  const { torch, threads } = measuring;
  const prepared = await torch?.prepare({ ...compared, ...grid });
  for (const [way, distance] of Object.entries(prepared?.distances ?? {})) {
    // Written so that a distance of NaN is caught too.
    if (!(distance <= tolerance)) throw new Error(`PyTorch's "${way}" trains other weights: ${String(distance)} away.`);
  }

  const steps = await stepsThatTake(secondsOfOurs, compared, threads);
  const side = { task: makeGridTask({ ...compared, steps }), ways: prepared?.ready ?? [] };
  const rounds: Round[] = [];
  const quiet = (): readonly Round[] => rounds.filter(({ others }) => others <= disturbing);
  const started = performance.now();
  while (quiet().length < wantedRounds) {
    if (rounds.length >= fewestRounds && performance.now() - started > longestSeconds * 1000) break;
    rounds.push(await measureRound(compared, measuring, side));
  }
  const kept = quiet().length >= fewestRounds ? quiet() : rounds;
  return { rounds: kept, disturbed: kept.length - quiet().length, missing: prepared?.missing ?? {} };
}

interface Sides {
  readonly task: TrainingTask;
  /** Of PyTorch. */
  readonly ways: readonly string[];
}

async function measureRound(
  { features }: ComparedGrid,
  { torch, threads }: Measuring,
  { task, ways }: Sides,
): Promise<Round> {
  const cores = watchOtherPrograms();
  const rates: Record<string, number> = {};
  let torchSeconds = 0;
  for (const way of ways) {
    if (torch === null) break;
    const { stepsPerSecond, cpuSeconds } = await torch.measure(way, secondsOfTorch);
    rates[way] = stepsPerSecond;
    torchSeconds += cpuSeconds;
  }
  // PyTorch's threads look for work for a moment before they sleep.
  await delay(200);
  const ours = task.plan.steps / (await secondsToTrain(task, threads));
  const shape = { batch: grid.batch, features, columns: blockWidth, threads };
  const bare = 1 / (await secondsPerPair(shape, secondsOfBare));
  return { ours, bare, torch: rates, others: cores(torchSeconds) };
}

/** Columns that our heads are laid out in, whatever they fill of them. */
const blockWidth = 256;

async function stepsThatTake(seconds: number, compared: ComparedGrid, threads: number): Promise<number> {
  const steps = 256;
  const task = makeGridTask({ ...compared, steps });
  await secondsToTrain(task, threads);
  return Math.ceil((steps * seconds) / (await secondsToTrain(task, threads)) / steps) * steps;
}

/** From the task to the heads: building the graph and loading it are counted. */
async function secondsToTrain(task: TrainingTask, threads: number): Promise<number> {
  const started = performance.now();
  const signal = new AbortController().signal;
  const heads = await trainWithOnnx(task, { threads, signal, progress: () => undefined });
  const seconds = (performance.now() - started) / 1000;
  const isLearning = heads.every(({ isFinite, firstLoss, lastLoss }) => isFinite && lastLoss < firstLoss);
  if (!isLearning) throw new Error("The loss of a head did not fall: what was timed is no training.");
  return seconds;
}
