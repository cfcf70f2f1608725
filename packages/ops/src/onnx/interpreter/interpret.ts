import type { OnnxGraph } from "../onnx-model.ts";
import { constantOf } from "./constant.ts";
import type { Kernel } from "./kernel.ts";
import { elementwiseKernels } from "./kernels/elementwise.ts";
import { indexingKernels } from "./kernels/indexing.ts";
import { layoutKernels } from "./kernels/layout.ts";
import { normalisationKernels } from "./kernels/normalisation.ts";
import { productKernels } from "./kernels/products.ts";
import { reductionKernels } from "./kernels/reductions.ts";
import { resizeKernels } from "./kernels/resize.ts";
import { windowKernels } from "./kernels/windows.ts";
import type { Tensor } from "./tensor.ts";

/**
 * The operators that the interpreter knows. It works everything out in float64, straight from ONNX's definitions and without
 * any thought of speed: what gradients are checked against. Only tests use it.
 */
export const kernels: ReadonlyMap<string, Kernel> = new Map([
  ...elementwiseKernels,
  ...indexingKernels,
  ...layoutKernels,
  ...normalisationKernels,
  ...productKernels,
  ...reductionKernels,
  ...resizeKernels,
  ...windowKernels,
]);

/** Runs a graph. @returns every tensor of it by name, the inputs and weights too */
export function interpret(graph: OnnxGraph, inputs: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> {
  const tensors = new Map(inputs);
  for (const initializer of graph.initializer ?? []) tensors.set(initializer.name ?? "", constantOf(initializer));
  for (const node of graph.node ?? []) {
    const kernel = kernels.get(node.opType ?? "");
    if (kernel === undefined) throw new Error(`The interpreter does not know ${String(node.opType)}.`);
    const taken = (node.input ?? []).map((name) => (name === "" ? null : tensors.get(name)!));
    const results = kernel(taken, node);
    (node.output ?? []).forEach((name, place) => {
      const result = results[place];
      if (name !== "" && result !== undefined) tensors.set(name, result);
    });
  }
  return tensors;
}
