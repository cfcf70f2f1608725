import type { Resamples } from "../artifacts/resamples.ts";
import { randomStream } from "../runtime/random.ts";
import { answersOf, combineNumbers, inputsOf, type CellExpression, type CellFunction } from "./cells.ts";

/** A cell on every resample: what its interval and its tests are made of. */
export interface CellValues {
  /** The mean over draws of the mean over their seeds; null where an answer has none. */
  readonly value: number | null;
  /** The same on each resample, of draws that are resampled too; NaN where it has no value. */
  readonly values: Float64Array;
  /** The cell with one block of groups left out after the other; of several sets of examples, one set after the other. */
  readonly jackknife: Float64Array;
  /** The groups (patients) that were drawn; of several sets of examples, those of the smallest. */
  readonly nGroups: number;
  /** Few-shot draws that the value is a mean over; 1 where nothing was drawn. */
  readonly nDraws: number;
  /** The variance of the value by its draws alone; 0 for a single one. */
  readonly drawVariance: number;
  /** Tells the examples that the cell was scored on: cells of another one cannot be paired. */
  readonly examples: string;
}

/** Which draws stand for all of them on each resample, [resamples, draws - 1]. The same for every cell with as many. */
export type DrawPicks = (draws: number) => Uint32Array;

/**
 * One draw fewer is taken than there are: the deviation of such means is that of the draws' mean itself, where as many would
 * give a smaller one (McCarthy and Snowden, 1985).
 */
export function createDrawPicks(resamples: number, seed: number): DrawPicks {
  const known = new Map<number, Uint32Array>();
  return (draws) => {
    const kept = known.get(draws);
    if (kept !== undefined) return kept;
    const stream = randomStream(seed, "draws", draws);
    const picks = Uint32Array.from({ length: resamples * (draws - 1) }, () => stream.integer(draws));
    known.set(draws, picks);
    return picks;
  };
}

/** On one resample all answers stand for the same patients; the seeds of a draw are averaged, the draws resampled. */
export function cellValues(
  expression: CellExpression,
  inputs: readonly Resamples[],
  { resamples, picksOf }: { readonly resamples: number; readonly picksOf: DrawPicks },
): CellValues {
  const used = inputsOf(expression).map((input) => inputs[input]!);
  const sets = [...new Map(used.map((input) => [input.examples, input.jackknife.length])).entries()];
  const answers = answersOf(expression, (input) => toAnswer(inputs[input]!, sets), combineAnswers);
  const draws = [...new Set(answers.map(({ draw }) => draw))].sort(byDraw);
  const perDraw = draws.map((draw) =>
    averageAnswers(answers.flatMap((answer) => (answer.draw === draw ? [answer.value] : []))),
  );
  const whole = averageAnswers(perDraw);
  return {
    value: Number.isFinite(whole.value) ? whole.value : null,
    values: resampleDraws(perDraw, resamples, picksOf),
    jackknife: whole.values.subarray(resamples),
    nGroups: Math.min(...used.map(({ nGroups }) => nGroups)),
    nDraws: draws.length,
    drawVariance: varianceOf(perDraw.map((answer) => answer.value)) / draws.length,
    examples: sets
      .map(([examples]) => examples)
      .sort()
      .join(" "),
  };
}

interface OneAnswer {
  readonly value: number;
  /** On each resample, then with each block left out of each set of examples: all that functions of metrics go over alike. */
  readonly values: Float64Array;
}

/** What is left out of another set of examples leaves the answer as it is. */
function toAnswer(input: Resamples, sets: readonly (readonly [examples: string, blocks: number])[]): OneAnswer {
  const value = input.value ?? Number.NaN;
  const blocks = sets.reduce((sum, [, count]) => sum + count, 0);
  const values = new Float64Array(input.values.length + blocks).fill(value);
  values.set(input.values);
  let end = input.values.length;
  for (const [examples, count] of sets) {
    if (examples === input.examples) values.set(input.jackknife, end);
    end += count;
  }
  return { value, values };
}

function combineAnswers(apply: CellFunction, parts: readonly OneAnswer[]): OneAnswer {
  const at = (place: number): number[] => parts.map(({ values }) => values[place]!);
  return {
    value: combineNumbers(
      apply,
      parts.map(({ value }) => value),
    ),
    values: Float64Array.from(parts[0]?.values ?? [], (_, place) => combineNumbers(apply, at(place))),
  };
}

function averageAnswers(answers: readonly OneAnswer[]): OneAnswer {
  const [first] = answers;
  if (first !== undefined && answers.length === 1) return first;
  return {
    value: averageOf(answers.map(({ value }) => value)),
    values: Float64Array.from(first?.values ?? [], (_, at) => averageOf(answers.map(({ values }) => values[at]!))),
  };
}

function resampleDraws(perDraw: readonly OneAnswer[], resamples: number, picksOf: DrawPicks): Float64Array {
  const draws = perDraw.length;
  if (draws === 1) return perDraw[0]!.values.subarray(0, resamples);
  const picks = picksOf(draws);
  return Float64Array.from({ length: resamples }, (_, at) => {
    let sum = 0;
    for (let k = 0; k < draws - 1; k++) sum += perDraw[picks[at * (draws - 1) + k]!]!.values[at]!;
    return sum / (draws - 1);
  });
}

function averageOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Unbiased; 0 of a single value. */
function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = averageOf(values);
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** The same order for every cell, whatever the order of its answers. */
function byDraw(a: number | string | null, b: number | string | null): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
