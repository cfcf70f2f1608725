import type { OnnxAttribute, OnnxNode } from "../onnx-model.ts";
import type { Tensor } from "./tensor.ts";

/** What an operator makes of its inputs, as ONNX defines it; null stands for an input that is left out. */
export type Kernel = (inputs: readonly (Tensor | null)[], node: OnnxNode) => readonly Tensor[];

export type NamedKernel = readonly [operator: string, kernel: Kernel];

/** Of an operator with one result, whose inputs are all there. */
export function ofAll(kernel: (inputs: readonly Tensor[], node: OnnxNode) => Tensor): Kernel {
  return (inputs, node) => [
    kernel(
      inputs.flatMap((input) => input ?? []),
      node,
    ),
  ];
}

export function integerOf(node: OnnxNode, name: string, otherwise: number): number {
  return Number(attributeOf(node, name)?.i ?? otherwise);
}

export function floatOf(node: OnnxNode, name: string, otherwise: number): number {
  return attributeOf(node, name)?.f ?? otherwise;
}

export function integersOf(node: OnnxNode, name: string): readonly number[] | null {
  const ints = attributeOf(node, name)?.ints;
  return ints == null || ints.length === 0 ? null : ints.map(Number);
}

export function textOf(node: OnnxNode, name: string, otherwise: string): string {
  const bytes = attributeOf(node, name)?.s;
  return bytes == null ? otherwise : new TextDecoder().decode(bytes);
}

export function attributeOf({ attribute = [] }: OnnxNode, name: string): OnnxAttribute | undefined {
  return attribute.find((each) => each.name === name);
}
