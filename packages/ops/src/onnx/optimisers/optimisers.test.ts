import { describe, expect, it } from "vitest";
import {
  drawOptimiserInput,
  readOptimisersFixture,
  type OptimiserRun,
} from "../../../../../tests/ops/reference/optimisers-fixture.ts";
import { openSession } from "../../runtime/session.ts";
import { createGraphBuilder, type FloatType } from "../graph-builder.ts";
import { interpret } from "../interpreter/interpret.ts";
import { sizeOf, tensorOf, type Tensor } from "../interpreter/tensor.ts";
import type { OnnxModel } from "../onnx-model.ts";
import { add, multiply, subtract } from "../operators/arithmetic.ts";
import { writeModel } from "../write-model.ts";
import { adamW } from "./adam-w.ts";
import { clipByGlobalNorm } from "./clip-gradients.ts";
import type { Optimiser } from "./optimiser.ts";
import { sgd } from "./sgd.ts";

const { shapes, runs } = readOptimisersFixture();
const places = [...shapes.keys()];

describe.each(runs)("next to PyTorch: $name", (run) => {
  it("takes the same steps in float64", async () => {
    const { trajectory, norms } = await follow(run, interpreted(stepOf(run, "float64")));
    expectSameTrajectory(trajectory, run);
    if (run.largestNorm !== null) expectSame(norms, run.norms);
  });

  it("is as near to them in onnxruntime as twice PyTorch's float32", async () => {
    const model = stepOf(run, "float32");
    const session = await openSession({ model: { data: await writeModel(model), name: null }, threads: 1 });
    const known = new Set(session.inputs.map(({ name }) => name));
    const names = session.outputs.map(({ name }) => name);
    const { trajectory } = await follow(run, async (inputs) => {
      const feeds = [...inputs]
        .filter(([name]) => known.has(name))
        .map(([name, { dims, data }]) => [name, { dims, data: Float32Array.from(data) }] as const);
      const results = await session.run(Object.fromEntries(feeds), names);
      return new Map([...results].map(([name, { dims, data }]) => [name, tensorOf(dims, data)]));
    });
    await session.close();
    const distance = Math.hypot(
      ...trajectory.flatMap((values, step) => values.map((value, at) => value - run.trajectory[step]![at]!)),
    );
    expect(distance).toBeGreaterThan(0);
    expect(distance).toBeLessThan(2 * run.float32Distance);
  });
});

describe.each(runs.filter(({ optimiser }) => optimiser.kind === "sgd"))("$name, rates in the gradients", (run) => {
  it("takes the same steps in float64", async () => {
    const { trajectory } = await follow(run, interpreted(stepOf(run, "float64", { hasRates: true })));
    expectSameTrajectory(trajectory, run);
  });
});

function expectSameTrajectory(trajectory: readonly (readonly number[])[], run: OptimiserRun): void {
  expect(trajectory).toHaveLength(30);
  const first = sizeOf(shapes[0]!);
  trajectory.forEach((values, step) => {
    expectSame(values.slice(0, first), run.trajectory[step]!.slice(0, first));
    expectSame(values.slice(first), run.trajectory[step]!.slice(first));
  });
}

/** To 1e-12 of the largest. */
function expectSame(values: readonly number[], expected: readonly number[]): void {
  expect(values).toHaveLength(expected.length);
  const largest = Math.max(...expected.map(Math.abs));
  values.forEach((value, at) => expect(Math.abs(value - expected[at]!)).toBeLessThan(1e-12 * largest));
}

type Evaluate = (inputs: ReadonlyMap<string, Tensor>) => Promise<ReadonlyMap<string, Tensor>>;

function interpreted({ graph }: OnnxModel): Evaluate {
  return (inputs) => Promise.resolve(interpret(graph, inputs));
}

function optimiserOf({ optimiser }: OptimiserRun): Optimiser {
  return optimiser.kind === "sgd" ? sgd(optimiser) : adamW(optimiser);
}

/** One step of a run as a graph. Inputs and outputs of the state end in the parameter's number. */
function stepOf(run: OptimiserRun, type: FloatType, { hasRates = false } = {}): OnnxModel {
  const graph = createGraphBuilder();
  const optimiser = optimiserOf(run);
  const single = (name: string) => graph.input(name, [], type);
  const like = (name: string, place: number) => graph.input(`${name} ${String(place)}`, shapes[place]!, type);
  const parameters = places.map((place) => like("parameter", place));
  const raw = parameters.map((parameter, place) => {
    const slope = multiply(graph, like("curvature", place), subtract(graph, parameter, like("middle", place)));
    return add(graph, slope, like("noise", place));
  });
  const clipped = run.largestNorm === null ? null : clipByGlobalNorm(graph, raw, { largest: run.largestNorm });
  if (clipped !== null) graph.output("norm", clipped.norm);
  const factors = optimiser.factors.map(({ name }) => single(name));
  const change = hasRates ? single("rate change") : null;
  parameters.forEach((parameter, place) => {
    const gradient = (clipped?.gradients ?? raw)[place]!;
    const rate = single(`rate ${String(place)}`);
    const after = optimiser.update(graph, {
      parameter,
      slots: optimiser.slots.map((slot) => like(slot, place)),
      factors,
      gradient: hasRates ? multiply(graph, gradient, rate) : gradient,
      rate,
      weightDecay: run.weightDecays.some((decay) => decay > 0) ? single(`decay ${String(place)}`) : null,
      rateChange: change,
    });
    graph.output(`after parameter ${String(place)}`, after.parameter);
    after.slots.forEach((slot, which) => graph.output(`after ${optimiser.slots[which]!} ${String(place)}`, slot));
  });
  return graph.toModel("step");
}

interface Followed {
  /** Both parameters after every step. */
  readonly trajectory: readonly (readonly number[])[];
  readonly norms: readonly number[];
}

async function follow(run: OptimiserRun, evaluate: Evaluate): Promise<Followed> {
  const optimiser = optimiserOf(run);
  const fixed = new Map([
    ...named("middle", drawn),
    ...named("curvature", (name) => mapped(drawn(name), (value) => 1 + value / 2)),
    ...named("decay", (_, place) => scalar(run.weightDecays[place]!)),
  ]);
  const zeros = (name: string) => mapped(drawn(name), () => 0);
  let state = new Map([...named("parameter", drawn), ...optimiser.slots.flatMap((slot) => [...named(slot, zeros)])]);
  const trajectory: (readonly number[])[] = [];
  const norms: number[] = [];
  for (const [step, factor] of run.factors.entries()) {
    const own = new Map([
      ...named("noise", (_, place) => drawn(`noise ${String(step)} ${String(place)}`)),
      ...named("rate", (_, place) => scalar(run.rates[place]! * factor)),
      ...optimiser.factors.map(({ name, at }) => [name, scalar(at(step))] as const),
      ["rate change", scalar(factor / (run.factors[step - 1] ?? factor))],
    ]);
    const results = await evaluate(new Map([...fixed, ...state, ...own]));
    state = new Map([...state.keys()].map((name) => [name, results.get(`after ${name}`)!]));
    trajectory.push(places.flatMap((place) => [...state.get(`parameter ${String(place)}`)!.data]));
    norms.push(results.get("norm")?.data[0] ?? 0);
  }
  return { trajectory, norms };
}

/** A tensor for each parameter. */
function named(name: string, make: (name: string, place: number) => Tensor): readonly (readonly [string, Tensor])[] {
  return places.map((place) => [`${name} ${String(place)}`, make(`${name} ${String(place)}`, place)]);
}

/** Of the shape of the parameter whose number the name ends in. */
function drawn(name: string): Tensor {
  const dims = shapes[Number(name.at(-1))]!;
  return tensorOf(dims, drawOptimiserInput(name, sizeOf(dims)));
}

function mapped({ dims, data }: Tensor, compute: (value: number) => number): Tensor {
  return { dims, data: data.map(compute) };
}

function scalar(value: number): Tensor {
  return tensorOf([], [value]);
}
