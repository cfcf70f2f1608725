import type { OnnxModel } from "../../onnx-model.ts";
import { modelOf, node, type WrittenAttribute } from "./model-of.ts";
import type { NamedValues, Values } from "./run-applied.ts";

/** One node of some operator set. */
export interface NodeCase {
  readonly operator: string;
  readonly opset: number;
  /** Null: left out. */
  readonly inputs: readonly (NodeInput | null)[];
  readonly attributes: Readonly<Record<string, WrittenAttribute>>;
  readonly outputs: readonly Values[];
}

export interface NodeInput extends Values {
  /** Whether the model holds it as an initialiser. */
  readonly isConstant: boolean;
}

/** The node as a model, whose inputs are called x0, x1, ... and whose outputs y0, y1, ... */
export function modelOfNode(each: NodeCase): OnnxModel {
  const { operator, opset, inputs, attributes } = each;
  const names = inputs.map((input, place) => (input === null ? "" : `x${place}`));
  const constants = inputs.flatMap((input, place) =>
    input?.isConstant === true ? [[`x${place}`, input] as const] : [],
  );
  return modelOf({
    opset,
    inputs: inputsOfNode(each),
    constants: Object.fromEntries(constants),
    nodes: [node(operator, names, outputsOfNode(each), attributes)],
    outputs: outputsOfNode(each),
  });
}

/** The inputs that are no initialisers. */
export function inputsOfNode({ inputs }: NodeCase): NamedValues {
  const outside = inputs.flatMap((input, place) =>
    input === null || input.isConstant ? [] : [[`x${place}`, input] as const],
  );
  return Object.fromEntries(outside);
}

export function outputsOfNode({ outputs }: NodeCase): readonly string[] {
  return outputs.map((_, place) => `y${place}`);
}
