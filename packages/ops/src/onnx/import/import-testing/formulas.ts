import type { OnnxModel, OnnxNode } from "../../onnx-model.ts";
import { modelOf, node, type WrittenInput } from "./model-of.ts";
import type { Values } from "./run-applied.ts";

/** A tensor by its name, a single float, or an operator on formulas, which may have a mark: `Cast:back` is a Cast. */
export type Formula = string | number | Application;

type Application = readonly [operator: string, ...inputs: Formula[]];

export interface Formulas {
  readonly opset: number;
  readonly inputs: Readonly<Record<string, WrittenInput>>;
  readonly constants?: Readonly<Record<string, Values>>;
  /** Attributes of all nodes of an operator, or of those with the mark. */
  readonly attributes?: Readonly<Record<string, Parameters<typeof node>[3]>>;
  /** By the name of the tensor that each gives, one after the other; the last is the model's output. */
  readonly tensors: Readonly<Record<string, Formula>>;
}

/** The model that formulas describe, a node for every operator in them. */
export function modelOfFormulas({ opset, inputs, constants = {}, attributes = {}, tensors }: Formulas): OnnxModel {
  const nodes: OnnxNode[] = [];
  const scalars = new Map<string, Values>();
  const add = (formula: Formula, name: string): string => {
    if (typeof formula === "string") return formula;
    if (typeof formula === "number") {
      scalars.set(String(formula), { type: "float32", shape: [], values: [formula] });
      return String(formula);
    }
    const [operator, ...parts] = formula;
    const taken = parts.map((part, place) => add(part, `${name}.${place}`));
    nodes.push(node(operator.split(":")[0]!, taken, [name], attributes[operator]));
    return name;
  };
  for (const [name, formula] of Object.entries(tensors)) add(formula, name);
  return modelOf({
    opset,
    inputs,
    constants: { ...constants, ...Object.fromEntries(scalars) },
    nodes,
    outputs: Object.keys(tensors).slice(-1),
  });
}
