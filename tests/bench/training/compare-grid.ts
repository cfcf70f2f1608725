import { setTimeout as delay } from "node:timers/promises";
import { createWorkerExecutor, type Executor } from "@exp-lab/runner";
import { secondsPerPair } from "./bare-products.ts";
import { accuracyOf, grid, makeGridCall, type GridCall } from "./grid-task.ts";
import { watchOtherPrograms } from "./other-programs.ts";
import type { TorchGrid, TorchProcess } from "./torch-process.ts";
import { trainGrid } from "./train-grid.ts";

/** A grid as both sides train it. */
export type ComparedGrid = Pick<TorchGrid, "features" | "columns" | "rows" | "loss" | "ways">;

/** Steps per second, measured one after the other. */
export interface Round {
  readonly ours: number;
  /** Seconds that our side takes before its first step and after its last. */
  readonly preparing: number;
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
const longestSeconds = 100;
const disturbing = 0.1;
const secondsOfTorch = 0.8;
const secondsOfOurs = 4;
const secondsOfBare = 0.5;
/** Largest relative distance of two ways' weights after the same steps: far above rounding, far below another algorithm. */
const tolerance = 1e-4;

/**
 * Machines drift: all are measured in turn, round by round, so that ratios can be taken within a round. Rounds go on until
 * enough were undisturbed by other programs, which slow the two sides unequally.
 */
export async function compareGrid(compared: ComparedGrid, measuring: Measuring): Promise<Comparison> {
  const { torch } = measuring;
  const prepared = await torch?.prepare({ ...compared, ...grid });
  for (const [way, distance] of Object.entries(prepared?.distances ?? {})) {
    // Written so that a distance of NaN is caught too.
    if (!(distance <= tolerance)) throw new Error(`PyTorch's "${way}" trains other weights: ${String(distance)} away.`);
  }

  const executor = createWorkerExecutor({ jobs: 1 });
  try {
    const side = { ours: await prepareOurs(compared, executor), ways: prepared?.ready ?? [] };
    const { rounds, disturbed } = await measureRounds(compared, measuring, side);
    return { rounds, disturbed, missing: prepared?.missing ?? {} };
  } finally {
    await executor.close();
  }
}

async function measureRounds(
  compared: ComparedGrid,
  measuring: Measuring,
  side: Sides,
): Promise<Pick<Comparison, "rounds" | "disturbed">> {
  const rounds: Round[] = [];
  const quiet = (): readonly Round[] => rounds.filter(({ others }) => others <= disturbing);
  const started = performance.now();
  while (quiet().length < wantedRounds) {
    if (rounds.length >= fewestRounds && performance.now() - started > longestSeconds * 1000) break;
    rounds.push(await measureRound(compared, measuring, side));
  }
  const kept = quiet().length >= fewestRounds ? quiet() : rounds;
  return { rounds: kept, disturbed: kept.length - quiet().length };
}

interface Sides {
  readonly ours: () => Promise<Pick<Round, "ours" | "preparing">>;
  /** Of PyTorch. */
  readonly ways: readonly string[];
}

async function measureRound(
  { features }: ComparedGrid,
  { torch, threads }: Measuring,
  { ours, ways }: Sides,
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
  const measured = await ours();
  const shape = { batch: grid.batch, features, columns: blockWidth, threads };
  const bare = 1 / (await secondsPerPair(shape, secondsOfBare));
  return { ...measured, bare, torch: rates, others: cores(torchSeconds) };
}

/** Columns that the heads of the grid take, padding included: two blocks of 128. */
const blockWidth = 256;

/**
 * The engine's call of the op, shared out over its threads as in a run. What a call costs before its first step (the inputs
 * are standardised, a graph is built) is not counted, as it is not on the other side: two calls differ in their steps alone.
 */
async function prepareOurs(compared: ComparedGrid, executor: Executor): Promise<Sides["ours"]> {
  const few = makeGridCall({ ...compared, steps: fewSteps });
  await secondsToTrain(few, executor);
  const rate = fewSteps / (await secondsToTrain(few, executor));
  const more = Math.ceil((rate * secondsOfOurs) / fewSteps) * fewSteps;
  const many = makeGridCall({ ...compared, steps: fewSteps + more });
  return async () => {
    const short = await secondsToTrain(few, executor);
    const perStep = ((await secondsToTrain(many, executor)) - short) / more;
    return { ours: 1 / perStep, preparing: short - fewSteps * perStep };
  };
}

const fewSteps = 256;

async function secondsToTrain(call: GridCall, executor: Executor): Promise<number> {
  const started = performance.now();
  const heads = await trainGrid(executor, call);
  const seconds = (performance.now() - started) / 1000;
  const best = Math.max(...heads.map((bytes) => accuracyOf(call, bytes)));
  if (best < learnt) throw new Error("No head has learnt anything: what was timed is no training.");
  return seconds;
}

/** A label is there in 3 of 10 rows: a head that always says no is right in 7. */
const learnt = 0.75;
