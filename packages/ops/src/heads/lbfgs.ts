import type { Pause } from "./pacer.ts";

/** A convex, differentiable function of `size` numbers. */
export interface Objective {
  readonly size: number;
  /** Returns the value at `point` and overwrites `gradient`. */
  evaluate(point: Float64Array, gradient: Float64Array): number;
}

export interface MinimiseOptions {
  readonly maxIterations: number;
  /** Done when no gradient entry is larger than this share of the largest one at the start. */
  readonly tolerance: number;
  readonly pause: Pause;
  readonly progress: (iteration: number) => void;
}

export interface Minimum {
  readonly point: Float64Array;
  readonly iterations: number;
  /** False where the iterations ran out, or rounding let no further step lower the value. */
  readonly converged: boolean;
}

/**
 * Limited-memory BFGS from zero (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5). No chance is
 * involved: the same function gives the same minimum.
 */
export async function minimise(objective: Objective, options: MinimiseOptions): Promise<Minimum> {
  let current = evaluateAt(objective, new Float64Array(objective.size));
  const goal = options.tolerance * maxNorm(current.gradient);
  const memory: Correction[] = [];
  let iterations = 0;

  while (maxNorm(current.gradient) > goal && iterations < options.maxIterations) {
    await options.pause();
    const direction = descentDirection(current.gradient, memory);
    const firstStep = memory.length === 0 ? Math.min(1, 1 / euclideanNorm(current.gradient)) : 1;
    const next = searchLine(objective, current, direction, firstStep);
    if (next === null && memory.length === 0) break;
    if (next === null) {
      memory.length = 0;
      continue;
    }
    remember(memory, current, next);
    current = next;
    iterations++;
    options.progress(iterations);
  }
  return { point: current.point, iterations, converged: maxNorm(current.gradient) <= goal };
}

interface Evaluated {
  readonly point: Float64Array;
  readonly gradient: Float64Array;
  readonly value: number;
}

function evaluateAt(objective: Objective, point: Float64Array): Evaluated {
  const gradient = new Float64Array(objective.size);
  const value = objective.evaluate(point, gradient);
  return { point, gradient, value };
}

/** One past step and the change of the gradient over it. */
interface Correction {
  readonly step: Float64Array;
  readonly change: Float64Array;
  /** step · change, above zero. */
  readonly curvature: number;
}

/** Many corrections: a head's features are strongly correlated, and a correction costs little beside a pass over the data. */
const memoryLength = 30;

function remember(memory: Correction[], before: Evaluated, after: Evaluated): void {
  const step = after.point.map((value, index) => value - before.point[index]!);
  const change = after.gradient.map((value, index) => value - before.gradient[index]!);
  const curvature = dot(step, change);
  if (!(curvature > 0)) return;
  memory.push({ step, change, curvature });
  if (memory.length > memoryLength) memory.shift();
}

/** Minus the approximate inverse Hessian times the gradient: the two-loop recursion. */
function descentDirection(gradient: Float64Array, memory: readonly Correction[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { step, change, curvature } of memory.toReversed()) {
    const share = dot(step, direction) / curvature;
    shares.push(share);
    addScaled(direction, -share, change);
  }
  const latest = memory.at(-1);
  if (latest !== undefined) {
    const scale = latest.curvature / dot(latest.change, latest.change);
    for (let index = 0; index < direction.length; index++) direction[index]! *= scale;
  }
  for (const { step, change, curvature } of memory) {
    addScaled(direction, shares.pop()! - dot(change, direction) / curvature, step);
  }
  return direction;
}

/** A step is taken once the slope along the line has fallen to this share of the slope at its start. */
const slopeShare = 0.9;
const maxTrials = 40;

/**
 * A step along the direction that does not raise the value and flattens the slope (the strong curvature condition). On a
 * convex function the slope grows along the line, so the sign of the slope alone brackets the step: close to the
 * minimum, where differences of values drown in rounding, slopes still tell. Null where no such step is found.
 */
function searchLine(
  objective: Objective,
  start: Evaluated,
  direction: Float64Array,
  firstStep: number,
): Evaluated | null {
  const startSlope = dot(start.gradient, direction);
  if (!(startSlope < 0)) return null;
  const ceiling = start.value + 1e-12 * Math.abs(start.value);
  let bracket: Bracket = { low: 0, lowSlope: startSlope, high: Infinity, highSlope: NaN };
  let length = firstStep;
  for (let trial = 0; trial < maxTrials; trial++) {
    const point = start.point.slice();
    addScaled(point, length, direction);
    const candidate = evaluateAt(objective, point);
    const slope = dot(candidate.gradient, direction);
    const isLowEnough = candidate.value <= ceiling;
    if (isLowEnough && Math.abs(slope) <= slopeShare * -startSlope) return candidate;
    bracket =
      isLowEnough && slope < 0
        ? { ...bracket, low: length, lowSlope: slope }
        : { ...bracket, high: length, highSlope: slope };
    length = nextLength(bracket);
  }
  return null;
}

/** Step lengths between which the slope changes its sign; `high` is infinite until a slope above zero was seen. */
interface Bracket {
  readonly low: number;
  readonly lowSlope: number;
  readonly high: number;
  readonly highSlope: number;
}

/** Where the secant of the slopes crosses zero, kept off the bracket's ends. */
function nextLength({ low, lowSlope, high, highSlope }: Bracket): number {
  if (high === Infinity) return low * 4;
  const width = high - low;
  const share = highSlope > 0 ? lowSlope / (lowSlope - highSlope) : 0.5;
  return low + width * Math.min(0.9, Math.max(0.1, Number.isFinite(share) ? share : 0.5));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!;
  return sum;
}

function addScaled(target: Float64Array, scale: number, source: Float64Array): void {
  for (let index = 0; index < target.length; index++) target[index]! += scale * source[index]!;
}

function maxNorm(vector: Float64Array): number {
  let largest = 0;
  for (const value of vector) if (!(Math.abs(value) <= largest)) largest = Math.abs(value);
  return largest;
}

function euclideanNorm(vector: Float64Array): number {
  return Math.sqrt(dot(vector, vector));
}
