import { pullBack } from "../differentiate.ts";
import { createGraphBuilder, type FloatType, type GraphScope, type GraphTensor } from "../../graph-builder.ts";
import { interpret } from "../../interpreter/interpret.ts";
import { tensorOf, type Tensor } from "../../interpreter/tensor.ts";
import type { OnnxModel } from "../../onnx-model.ts";
import { pruneNodes } from "../../prune-nodes.ts";
import { fixedSizeAt } from "../../shapes.ts";
import { writeModel } from "../../write-model.ts";
import { openSession } from "../../../runtime/session.ts";

/** Adds the nodes of a function of floats to a graph. */
export type Build = (graph: GraphScope, inputs: readonly GraphTensor[]) => GraphTensor;

/** A function whose gradients are to be checked. */
export interface GraphFunction {
  /** Of its inputs. */
  readonly shapes: readonly (readonly number[])[];
  readonly build: Build;
  /** For each input, whether no gradient is asked of it; by default of none. */
  readonly isFixed?: readonly boolean[];
}

/** The graph of a function: its value, and the gradients of its inputs from that of the value, which is an input as well. */
export interface GradientGraph {
  readonly model: OnnxModel;
  /** Of the value. */
  readonly shape: readonly number[];
  /** Of the gradients that are there, as the graph promises them. */
  readonly gradientShapes: readonly (readonly number[] | null)[];
}

export function gradientGraph({ shapes, build, isFixed = [] }: GraphFunction, type: FloatType): GradientGraph {
  const graph = createGraphBuilder();
  const inputs = shapes.map((shape, place) => graph.input(inputName(place), shape, type));
  const value = build(graph, inputs);
  const upstream = graph.input("upstream", value.shape, type);
  graph.output("value", value);
  const moving = inputs.filter((_, place) => isFixed[place] !== true);
  const gradients = pullBack(graph, { tensor: value, gradient: upstream }, moving);
  const gradientShapes = inputs.map((input, place) => {
    const gradient = gradients[moving.indexOf(input)] ?? null;
    if (gradient !== null) graph.output(gradientName(place), gradient);
    return gradient && fixedShape(gradient);
  });
  return { model: graph.toModel("check"), shape: fixedShape(value), gradientShapes };
}

/** What a graph is worked out on. */
export interface GradientCall {
  /** In the order of the function's. */
  readonly inputs: readonly Tensor[];
  /** The gradient of the value, row-major. */
  readonly upstream: ArrayLike<number>;
}

export interface ValueAndGradients {
  readonly value: readonly number[];
  /** For each input; null where the value does not depend on it, or no gradient was asked of it. */
  readonly gradients: readonly (readonly number[] | null)[];
}

/** By the interpreter, in float64. */
export function interpretGradients(graph: GradientGraph, { inputs, upstream }: GradientCall): ValueAndGradients {
  const feeds = new Map(inputs.map((tensor, place) => [inputName(place), tensor]));
  const results = interpret(graph.model.graph, feeds.set("upstream", tensorOf(graph.shape, upstream)));
  return collect(graph, (name) => Array.from(results.get(name)!.data));
}

/** The value alone, without the work for gradients. */
export function interpretValue({ model: { graph } }: GradientGraph, inputs: readonly Tensor[]): Float64Array {
  const feeds = new Map(inputs.map((tensor, place) => [inputName(place), tensor]));
  return interpret({ ...graph, node: pruneNodes(graph.node ?? [], ["value"]) }, feeds).get("value")!.data;
}

/** By onnxruntime, in float32, for each of several calls. */
export async function runGradients(
  graph: GradientGraph,
  calls: readonly GradientCall[],
): Promise<readonly ValueAndGradients[]> {
  const session = await openSession({ model: { data: await writeModel(graph.model), name: null }, threads: 1 });
  const wanted = session.outputs.map(({ name }) => name);
  try {
    const all: ValueAndGradients[] = [];
    for (const { inputs, upstream } of calls) {
      const tensors = [
        ...inputs.map((tensor, place) => [inputName(place), tensor] as const),
        ["upstream", tensorOf(graph.shape, upstream)] as const,
      ];
      // What nothing reads is no input of the session.
      const read = tensors.filter(([name]) => session.inputs.some((input) => input.name === name));
      const feeds = read.map(([name, { dims, data }]) => [name, { dims, data: Float32Array.from(data) }] as const);
      const results = await session.evaluate(Object.fromEntries(feeds), wanted);
      all.push(collect(graph, (name) => Array.from(results.get(name)!.data, Number)));
    }
    return all;
  } finally {
    await session.close();
  }
}

function collect({ gradientShapes }: GradientGraph, valuesOf: (name: string) => readonly number[]): ValueAndGradients {
  return {
    value: valuesOf("value"),
    gradients: gradientShapes.map((shape, place) => (shape === null ? null : valuesOf(gradientName(place)))),
  };
}

function inputName(place: number): string {
  return `x${String(place)}`;
}

function gradientName(place: number): string {
  return `g${String(place)}`;
}

function fixedShape({ shape }: GraphTensor): readonly number[] {
  return shape.map((_, axis) => fixedSizeAt(shape, axis));
}
