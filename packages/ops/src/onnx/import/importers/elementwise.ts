import type { elementTypes } from "../../onnx-model.ts";
import { elementTypeOf } from "../../element-values.ts";
import { axisOf, floatAttribute, fromStart, integerAttribute } from "../../attributes.ts";
import { isFloat, type GraphScope, type GraphTensor } from "../../graph-builder.ts";
import { logSoftmax, sigmoid, softmax, softplus, tanh } from "../../operators/activations.ts";
import { absolute, add, divide, maximum, minimum, multiply } from "../../operators/arithmetic.ts";
import { clip, where } from "../../operators/choices.ts";
import { cast } from "../../operators/conversions.ts";
import { flatten, reshape } from "../../operators/layout.ts";
import { broadcastShapes } from "../../shapes.ts";
import { scalarLike } from "../../operators/filling.ts";
import { inputAt, ofOne, type ImportCall, type Importer, type NamedImporter } from "../importer.ts";

/** Value by value, after broadcasting. */
export const elementwiseImporters: readonly NamedImporter[] = [
  ...["Abs", "Ceil", "Cos", "Elu", "Erf", "Exp", "Floor", "Gelu", "HardSigmoid", "HardSwish", "LeakyRelu", "Log"].map(
    asItIs,
  ),
  ...["Neg", "Not", "Reciprocal", "Relu", "Round", "Sigmoid", "Sign", "Sin", "Softplus", "Sqrt", "Tanh"].map(asItIs),
  ...["Add", "Sub", "Mul", "Div", "Mod"].map((operator) => ofTwo(operator)),
  ...["Equal", "Greater", "Less", "GreaterOrEqual", "LessOrEqual", "And", "Or", "Xor"].map((operator) =>
    ofTwo(operator, "bool"),
  ),
  ["IsNaN", ofOne(({ graph }, x) => graph.node({ operator: "IsNaN", inputs: [x], shape: x.shape, type: "bool" }))],
  ["Max", ofSeveral(maximum)],
  ["Min", ofSeveral(minimum)],
  ["Sum", ofSeveral(add)],
  [
    "Mean",
    (call) => {
      const [sum] = ofSeveral(add)(call);
      return [divide(call.graph, sum!, scalarLike(call.graph, sum!, call.inputs.length))];
    },
  ],
  [
    "Pow",
    // ONNX lets the exponent be of another type, e.g. a whole number.
    ofOne((call, x) => {
      const exponent = inputAt(call, 1);
      const same = exponent.type === x.type ? exponent : castConstant(call.graph, exponent, x);
      return elementwise(call.graph, "Pow", [x, same]);
    }),
  ],
  [
    "Where",
    ofOne((call, condition) => where(call.graph, condition, { then: inputAt(call, 1), otherwise: inputAt(call, 2) })),
  ],
  ["Clip", ofOne(importClip)],
  ["Cast", ofOne((call, x) => castTo(call, x, elementTypeOf(integerAttribute(call, "to", 0))))],
  ["CastLike", ofOne((call, x) => castTo(call, x, inputAt(call, 1).type))],
  ["Softmax", ofOne((call, x) => alongAxis(call, x, softmax))],
  ["LogSoftmax", ofOne((call, x) => alongAxis(call, x, logSoftmax))],
  [
    "PRelu",
    ofOne(({ graph, inputs }, x) => {
      const positive = graph.node({ operator: "Relu", inputs: [x], shape: x.shape });
      return add(graph, positive, multiply(graph, minimum(graph, x, scalarLike(graph, x, 0)), inputs[1]!));
    }),
  ],
  ["Softsign", ofOne(({ graph }, x) => divide(graph, x, add(graph, scalarLike(graph, x, 1), absolute(graph, x))))],
  ["Mish", ofOne(({ graph }, x) => multiply(graph, x, tanh(graph, softplus(graph, x))))],
  [
    "Swish",
    ofOne((call, x) => {
      const { graph } = call;
      const alpha = floatAttribute(call, "alpha", 1);
      const steep = alpha === 1 ? x : multiply(graph, x, scalarLike(graph, x, alpha));
      return multiply(graph, x, sigmoid(graph, steep));
    }),
  ],
];

function asItIs(operator: string): NamedImporter {
  return [
    operator,
    ofOne(({ graph, attributes }, x) => graph.node({ operator, inputs: [x], attributes, shape: x.shape })),
  ];
}

function ofTwo(operator: string, type?: "bool"): NamedImporter {
  return [operator, ofOne((call, a) => elementwise(call.graph, operator, [a, inputAt(call, 1)], type))];
}

function elementwise(
  graph: GraphScope,
  operator: string,
  inputs: readonly [GraphTensor, GraphTensor],
  type: GraphTensor["type"] = inputs[0].type,
): GraphTensor {
  const [a, b] = inputs;
  if (a.type !== b.type) throw new Error(`it takes ${a.type} and ${b.type} together`);
  return graph.node({ operator, inputs, shape: broadcastShapes(a.shape, b.shape), type });
}

/** One after the other, so that operators of many inputs need no rules of their own. */
function ofSeveral(combine: (graph: GraphScope, a: GraphTensor, b: GraphTensor) => GraphTensor): Importer {
  return ofOne(({ graph, inputs }, first) =>
    inputs.slice(1).reduce<GraphTensor>((sum, next) => (next === null ? sum : combine(graph, sum, next)), first),
  );
}

/** Bounds are attributes before operator set 11. */
function importClip(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph, attributes, inputs, opset } = call;
  if (opset >= 11) return clip(graph, x, { least: inputs[1] ?? null, most: inputs[2] ?? null });
  const bound = (name: string): GraphTensor | null =>
    attributes[name] === undefined ? null : scalarLike(graph, x, floatAttribute(call, name, 0));
  return clip(graph, x, { least: bound("min"), most: bound("max") });
}

function castTo(
  { graph, attributes }: ImportCall,
  x: GraphTensor,
  type: keyof typeof elementTypes | null,
): GraphTensor {
  if (type === null) throw new Error(`it casts to the element type ${JSON.stringify(attributes["to"])}`);
  return x.type === type ? x : cast(graph, x, type);
}

function castConstant(graph: GraphScope, x: GraphTensor, { type }: GraphTensor): GraphTensor {
  const values = graph.valuesOf(x);
  return values === null ? cast(graph, x, type) : graph.constant(values, { type, shape: x.shape.map(Number) });
}

/** Before operator set 13 the axes from the named one on count as one. */
function alongAxis(
  call: ImportCall,
  x: GraphTensor,
  normalise: (graph: GraphScope, x: GraphTensor, axis: number) => GraphTensor,
): GraphTensor {
  const { graph, opset } = call;
  if (!isFloat(x)) throw new Error(`it takes ${x.type}`);
  const last = x.shape.length - 1;
  if (opset >= 13) return normalise(graph, x, axisOf(call, x, -1));
  const axis = fromStart(integerAttribute(call, "axis", 1), x.shape.length);
  if (axis === last) return normalise(graph, x, last);
  return reshape(graph, normalise(graph, flatten(graph, x, axis), 1), x.shape);
}
