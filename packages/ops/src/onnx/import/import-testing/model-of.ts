import { bytesOfValues } from "../../element-values.ts";
import type { GraphType } from "../../graph-builder.ts";
import {
  attributeTypes,
  elementTypes,
  type OnnxAttribute,
  type OnnxFunction,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
  type OnnxTensor,
  type ValueInfo,
} from "../../onnx-model.ts";
import type { Values } from "./run-applied.ts";

/** A model as a test writes it down. */
export interface WrittenModel {
  readonly opset: number;
  /** Sizes that are free have a name, or null. */
  readonly inputs?: Readonly<Record<string, WrittenInput>>;
  readonly constants?: Readonly<Record<string, Values>>;
  readonly nodes: readonly OnnxNode[];
  readonly outputs: readonly string[];
  readonly functions?: readonly OnnxFunction[];
}

export interface WrittenInput {
  readonly type?: GraphType;
  readonly shape: readonly (number | string)[];
}

export function modelOf({ opset, inputs = {}, constants = {}, nodes, outputs, functions }: WrittenModel): OnnxModel {
  return {
    irVersion: 8,
    opsetImport: [{ domain: "", version: opset }],
    graph: {
      name: "test",
      node: nodes,
      initializer: Object.entries(constants).map(([name, values]) => ({ ...tensorOf(values), name })),
      input: Object.entries(inputs).map(([name, input]) => valueInfoOf(name, input)),
      output: outputs.map((name) => ({ name })),
    },
    ...(functions !== undefined && { functions }),
  };
}

/** A node that is named after its first output. */
export function node(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  attributes: Readonly<Record<string, WrittenAttribute>> = {},
): OnnxNode {
  const attribute = Object.entries(attributes).map(([name, value]) => attributeOf(name, value));
  return { opType, input, output, name: `the ${output[0] ?? ""}`, attribute };
}

export type WrittenAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly ints: readonly number[] }
  | { readonly floats: readonly number[] }
  | { readonly string: string }
  | { readonly tensor: Values }
  | { readonly graph: OnnxGraph }
  /** The attribute of the node that calls the function. */
  | { readonly of: string };

export function attributeOf(name: string, value: WrittenAttribute): OnnxAttribute {
  if ("int" in value) return { name, type: attributeTypes.int, i: value.int };
  if ("float" in value) return { name, type: attributeTypes.float, f: value.float };
  if ("ints" in value) return { name, type: attributeTypes.ints, ints: value.ints };
  if ("floats" in value) return { name, type: attributeTypes.floats, floats: value.floats };
  if ("string" in value) return { name, type: attributeTypes.string, s: new TextEncoder().encode(value.string) };
  if ("tensor" in value) return { name, type: attributeTypes.tensor, t: tensorOf(value.tensor) };
  if ("graph" in value) return { name, type: attributeTypes.graph, g: value.graph };
  return { name, refAttrName: value.of };
}

export function tensorOf({ type, shape, values }: Values): OnnxTensor {
  return { dims: shape, dataType: elementTypes[type], rawData: bytesOfValues(values, type) };
}

export function valueInfoOf(name: string, { type = "float32", shape }: WrittenInput): ValueInfo {
  const dim = shape.map((size) => (typeof size === "number" ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: elementTypes[type], shape: { dim } } } };
}
