import type { HasAttributes } from "../attributes.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";

/** One node of a model file, as it is to be added to a graph of ours. */
export interface ImportCall extends HasAttributes {
  /** Its nodes say that they come from this one. */
  readonly graph: GraphScope;
  readonly operator: string;
  /** What the file calls its inputs. */
  readonly inputNames: readonly string[];
  /** By place; null where an optional input is left out. */
  readonly inputs: readonly (GraphTensor | null)[];
  /** How many results the file names. */
  readonly results: number;
  /** The version of the operator set that the node is written for. */
  readonly opset: number;
}

/**
 * Adds to the graph what a node of some operator set stands for, in the operators of ours: its results, in the file's order.
 * Sizes are all known.
 * @throws Error where the node is not as ONNX has it, or not known in this form
 */
export type Importer = (call: ImportCall) => readonly GraphTensor[];

/** The importer of an operator, by its name in ONNX. */
export type NamedImporter = readonly [operator: string, importer: Importer];

/** Of an operator with one result, whose first input is there. */
export function ofOne(importer: (call: ImportCall, x: GraphTensor) => GraphTensor): Importer {
  return (call) => [importer(call, inputAt(call, 0))];
}

/** @throws Error where the input is left out */
export function inputAt({ inputs }: ImportCall, place: number): GraphTensor {
  const input = inputs[place] ?? null;
  if (input === null) throw new Error(`its input ${String(place + 1)} is missing`);
  return input;
}

/** The values of an input that has to be known before anything runs: axes, shapes, bounds. Null where it is left out. */
export function integersAtOrNull(call: ImportCall, place: number): readonly number[] | null {
  const input = call.inputs[place] ?? null;
  if (input === null) return null;
  const values = call.graph.integersOf(input);
  if (values === null) throw new Error(`its input ${String(place + 1)} depends on what the images are`);
  return values;
}

/** @throws Error where the input is left out or not known */
export function integersAt(call: ImportCall, place: number): readonly number[] {
  const values = integersAtOrNull(call, place);
  if (values === null) throw new Error(`its input ${String(place + 1)} is missing`);
  return values;
}

/** The same of floats. */
export function floatsAtOrNull(call: ImportCall, place: number): readonly number[] | null {
  const input = call.inputs[place] ?? null;
  if (input === null) return null;
  const values = call.graph.floatsOf(input);
  if (values === null) throw new Error(`its input ${String(place + 1)} depends on what the images are`);
  return values;
}
