import { openSession, type TensorValue } from "../../../runtime/session.ts";
import { createGraphBuilder, type GraphBuilder, type GraphTensor, type GraphType } from "../../graph-builder.ts";
import type { OnnxModel } from "../../onnx-model.ts";
import { cast } from "../../operators/conversions.ts";
import { readModel } from "../../read-model.ts";
import { writeModel } from "../../write-model.ts";
import { applyModel, type ModelUse } from "../apply-model.ts";

/** Values of a type and a shape, row-major. */
export interface Values {
  readonly type: GraphType;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

export type NamedValues = Readonly<Record<string, Values>>;

export interface AppliedUse extends Pick<ModelUse, "tensors"> {
  readonly inputs: NamedValues;
  /** Whether the inputs are constants of the graph, which are folded with. */
  readonly isKnown?: boolean;
}

export interface Applied {
  /** What was asked for, as onnxruntime found it. */
  readonly results: ReadonlyMap<string, Values>;
  /** The same as `applyModel` foretold it. */
  readonly foretold: ReadonlyMap<string, GraphTensor>;
  /** What of it is constant: known before anything runs. */
  readonly folded: readonly string[];
  /** The graph that was run. */
  readonly model: OnnxModel;
}

/** Applies a model as a file would be, bytes and all, and runs what comes of it as it is written. */
export async function runApplied(model: OnnxModel, { inputs, tensors, isKnown = false }: AppliedUse): Promise<Applied> {
  const graph = createGraphBuilder();
  const given = Object.entries(inputs).map(([name, values]) => {
    const constant = () => graph.constant(values.values, values);
    return [name, isKnown ? constant() : inputOf(graph, name, values)] as const;
  });
  const read = await readModel(await writeModel(model), "test.onnx");
  const foretold = applyModel(graph, read, { file: "test.onnx", inputs: Object.fromEntries(given), tensors });
  const outputs = tensors.map((name) => `given ${name}`);
  tensors.forEach((name, place) => graph.output(outputs[place]!, asPassed(graph, foretold.get(name)!)));
  const applied = graph.toModel("applied");
  const found = await run(applied, isKnown ? {} : inputs, outputs);
  const results = tensors.map((name, place) => {
    return [name, { ...found[place]!, type: foretold.get(name)!.type }] as const;
  });
  const folded = tensors.filter((name) => graph.isConstant(foretold.get(name)!));
  return { results: new Map(results), foretold, folded, model: applied };
}

/** What onnxruntime makes of a model as it is written. */
export async function run(
  model: OnnxModel,
  inputs: NamedValues,
  outputs: readonly string[],
): Promise<readonly Omit<Values, "type">[]> {
  const session = await openSession({
    model: { data: await writeModel(model), name: null },
    threads: 1,
    use: "network",
  });
  try {
    const feeds = Object.entries(inputs).map(([name, values]) => [name, feedOf(values)] as const);
    const results = await session.evaluate(Object.fromEntries(feeds), outputs);
    return outputs.map((name) => {
      const { data, dims } = results.get(name)!;
      return { shape: dims, values: Array.from<number | bigint, number>(data, Number) };
    });
  } finally {
    await session.close();
  }
}

function inputOf(graph: GraphBuilder, name: string, { type, shape }: Values): GraphTensor {
  const input = graph.input(name, shape, passedAs(type));
  return input.type === type ? input : cast(graph, input, type);
}

function asPassed(graph: GraphBuilder, tensor: GraphTensor): GraphTensor {
  const passed = passedAs(tensor.type);
  return passed === tensor.type ? tensor : cast(graph, tensor, passed);
}

/** What a session can be given and asked for. */
function passedAs(type: GraphType): GraphType {
  if (type === "float16") return "float32";
  return type === "bool" ? "int32" : type;
}

function feedOf({ type, shape, values }: Values): TensorValue {
  switch (passedAs(type)) {
    case "float64":
      return { data: Float64Array.from(values), dims: shape };
    case "int64":
      return { data: BigInt64Array.from(values, BigInt), dims: shape };
    case "int32":
      return { data: Int32Array.from(values), dims: shape };
    default:
      return { data: Float32Array.from(values), dims: shape };
  }
}
