import type { GraphNode, GraphTensor } from "../graph-builder.ts";
import type { SimpleCall } from "./gradient-rule.ts";

/** An integer attribute of a node, or what ONNX takes where it is left out. */
export function integerAttribute({ attributes }: GraphNode, name: string, otherwise: number): number {
  const value = attributes[name];
  return value !== undefined && "int" in value ? value.int : otherwise;
}

/** A float attribute of a node, or what ONNX takes where it is left out. */
export function floatAttribute({ attributes }: GraphNode, name: string, otherwise: number): number {
  const value = attributes[name];
  return value !== undefined && "float" in value ? value.float : otherwise;
}

/** A list of integers; null where it is left out. */
export function integersAttribute({ attributes }: GraphNode, name: string): readonly number[] | null {
  const value = attributes[name];
  return value !== undefined && "ints" in value ? value.ints : null;
}

/** A text attribute of a node, or what ONNX takes where it is left out. */
export function textAttribute({ attributes }: GraphNode, name: string, otherwise: string): string {
  const value = attributes[name];
  return value !== undefined && "string" in value ? value.string : otherwise;
}

/** The axis attribute of a node, counted from 0. */
export function axisOf(node: GraphNode, { shape }: GraphTensor, otherwise: number): number {
  const axis = integerAttribute(node, "axis", otherwise);
  return axis < 0 ? axis + shape.length : axis;
}

/** The values of an input that is a list of integers of the graph itself (axes, bounds). @throws Error where it is computed */
export function integersAt({ graph, node }: SimpleCall, place: number): readonly number[] {
  const input = node.inputs[place] ?? null;
  const values = input === null ? null : graph.integersOf(input);
  if (values === null) throw new Error(`The input ${String(place + 1)} of the node ${node.name} is not constant.`);
  return values;
}
