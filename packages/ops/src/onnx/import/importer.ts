import { fromStart, integerAttribute, type HasAttributes } from "../attributes.ts";
import type { GraphScope, GraphTensor } from "../graph-builder.ts";
import { formatShape, type Shape } from "../shapes.ts";

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
  return input === null ? null : (call.graph.integersOf(input) ?? notKnown(call, place, "whole numbers"));
}

/** @throws Error where the input is left out or not known */
export function integersAt(call: ImportCall, place: number): readonly number[] {
  inputAt(call, place);
  return integersAtOrNull(call, place)!;
}

/** The same of floats. */
export function floatsAtOrNull(call: ImportCall, place: number): readonly number[] | null {
  const input = call.inputs[place] ?? null;
  return input === null ? null : (call.graph.floatsOf(input) ?? notKnown(call, place, "floats"));
}

/** The same of numbers of any type. */
export function valuesAt(call: ImportCall, place: number): readonly number[] {
  return call.graph.valuesOf(inputAt(call, place)) ?? notKnown(call, place, "numbers");
}

function notKnown(call: ImportCall, place: number, what: string): never {
  const input = inputAt(call, place);
  const label = `its input ${String(place + 1)} ("${call.inputNames[place] ?? input.name}")`;
  if (call.graph.valuesOf(input) !== null) throw new Error(`${label} is of type ${input.type}, and not ${what}`);
  if (call.graph.isConstant(input)) {
    throw new Error(`${label} has to be known before anything runs, and is too long or lies in another file`);
  }
  throw new Error(`${label} has to be known before anything runs, and hangs on the images`);
}

/** The axis attribute of a node, counted from 0. @throws Error where the tensor has no such axis */
export function axisAt(call: ImportCall, { shape }: GraphTensor, otherwise: number): number {
  const [axis] = axesWithin([integerAttribute(call, "axis", otherwise)], shape);
  return axis!;
}

/** Axes of a tensor, counted from 0. @throws Error where it has no such axis, or one is named twice */
export function axesWithin(axes: readonly number[], shape: Shape): readonly number[] {
  const rank = shape.length;
  const missing = axes.find((axis) => axis < -rank || axis >= rank);
  if (missing !== undefined)
    throw new Error(`it names the axis ${String(missing)}, which ${formatShape(shape)} has not`);
  const found = axes.map((axis) => fromStart(axis, rank));
  if (new Set(found).size !== found.length) throw new Error(`it names an axis twice: ${axes.join(", ")}`);
  return found;
}
