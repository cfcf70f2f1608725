import type { AttributeValue, GraphTensor } from "./graph-builder.ts";

/** The attributes of a node. */
export interface HasAttributes {
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** An integer attribute of a node, or what ONNX takes where it is left out. */
export function integerAttribute({ attributes }: HasAttributes, name: string, otherwise: number): number {
  const value = attributes[name];
  return value !== undefined && "int" in value ? value.int : otherwise;
}

/** A float attribute of a node, or what ONNX takes where it is left out. */
export function floatAttribute({ attributes }: HasAttributes, name: string, otherwise: number): number {
  const value = attributes[name];
  return value !== undefined && "float" in value ? value.float : otherwise;
}

/** A list of integers; null where it is left out. */
export function integersAttribute({ attributes }: HasAttributes, name: string): readonly number[] | null {
  const value = attributes[name];
  return value !== undefined && "ints" in value ? value.ints : null;
}

/** A list of floats; null where it is left out. */
export function floatsAttribute({ attributes }: HasAttributes, name: string): readonly number[] | null {
  const value = attributes[name];
  return value !== undefined && "floats" in value ? value.floats : null;
}

/** A text attribute of a node, or what ONNX takes where it is left out. */
export function textAttribute({ attributes }: HasAttributes, name: string, otherwise: string): string {
  const value = attributes[name];
  return value !== undefined && "string" in value ? value.string : otherwise;
}

/** The axis attribute of a node, counted from 0. */
export function axisOf(node: HasAttributes, { shape }: GraphTensor, otherwise: number): number {
  return fromStart(integerAttribute(node, "axis", otherwise), shape.length);
}

/** An axis counted from 0, where it may count from the end. */
export function fromStart(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis;
}
