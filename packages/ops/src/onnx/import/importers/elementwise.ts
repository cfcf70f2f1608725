import { floatAttribute, integerAttribute } from "../../attributes.ts";
import { elementTypeOf } from "../../element-values.ts";
import { isFloat, type GraphScope, type GraphTensor, type GraphType } from "../../graph-builder.ts";
import { logSoftmax, sigmoid, softmax, softplus, tanh } from "../../operators/activations.ts";
import { absolute, add, divide, maximum, minimum, multiply } from "../../operators/arithmetic.ts";
import { clip, where } from "../../operators/choices.ts";
import { cast } from "../../operators/conversions.ts";
import { scalarLike } from "../../operators/filling.ts";
import { flatten, reshape } from "../../operators/layout.ts";
import { broadcastShapes } from "../../shapes.ts";
import { elementTypeName } from "../element-type-name.ts";
import { axisAt, inputAt, ofOne, type ImportCall, type Importer, type NamedImporter } from "../importer.ts";

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
  ["Pow", ofOne(importPower)],
  [
    "Where",
    ofOne((call, condition) => where(call.graph, condition, { then: inputAt(call, 1), otherwise: inputAt(call, 2) })),
  ],
  ["Clip", ofOne(importClip)],
  ["Cast", ofOne((call, x) => castTo(call, x, typeAttribute(call)))],
  ["CastLike", ofOne((call, x) => castTo(call, x, inputAt(call, 1).type))],
  ["Softmax", ofOne((call, x) => alongAxis(call, x, softmax))],
  ["LogSoftmax", ofOne((call, x) => alongAxis(call, x, logSoftmax))],
  [
    "PRelu",
    ofOne((call, x) => {
      const { graph } = call;
      const positive = graph.node({ operator: "Relu", inputs: [x], shape: x.shape });
      return add(graph, positive, multiply(graph, minimum(graph, x, scalarLike(graph, x, 0)), inputAt(call, 1)));
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
  return [
    operator,
    ofOne((call, a) => {
      const { graph, attributes } = call;
      const b = inputAt(call, 1);
      if (a.type !== b.type) throw new Error(`it takes ${a.type} and ${b.type} together`);
      const shape = broadcastShapes(a.shape, b.shape);
      return graph.node({ operator, inputs: [a, b], attributes, shape, type: type ?? a.type });
    }),
  ];
}

/** One after the other, so that operators of many inputs need no rules of their own. */
function ofSeveral(combine: (graph: GraphScope, a: GraphTensor, b: GraphTensor) => GraphTensor): Importer {
  return ofOne(({ graph, inputs }, first) =>
    inputs.slice(1).reduce<GraphTensor>((sum, next) => (next === null ? sum : combine(graph, sum, next)), first),
  );
}

/** ONNX lets the exponent be of another type, e.g. a whole number; whole numbers to a share stay as they are. */
function importPower(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const exponent = inputAt(call, 1);
  const same = isFloat(x) && exponent.type !== x.type ? castTo(call, exponent, x.type) : exponent;
  return graph.node({ operator: "Pow", inputs: [x, same], shape: broadcastShapes(x.shape, exponent.shape) });
}

/** Bounds are attributes before operator set 11. */
function importClip(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph, attributes, inputs, opset } = call;
  if (opset >= 11) return clip(graph, x, { least: inputs[1] ?? null, most: inputs[2] ?? null });
  const bound = (name: string): GraphTensor | null =>
    attributes[name] === undefined ? null : scalarLike(graph, x, floatAttribute(call, name, 0));
  return clip(graph, x, { least: bound("min"), most: bound("max") });
}

function typeAttribute(call: ImportCall): GraphType {
  const number = integerAttribute(call, "to", 0);
  const type = elementTypeOf(number);
  if (type === null) throw new Error(`it makes ${elementTypeName(number)} of its input, a type that is not known here`);
  return type;
}

/** A constant becomes another constant. */
function castTo({ graph }: ImportCall, x: GraphTensor, type: GraphType): GraphTensor {
  if (x.type === type) return x;
  const values = graph.valuesOf(x);
  const isExact = values !== null && (isFloatType(type) || values.every(Number.isFinite));
  return isExact ? graph.constant(values, { type, shape: x.shape.map(Number) }) : cast(graph, x, type);
}

function isFloatType(type: GraphType): boolean {
  return type.startsWith("float");
}

/** Before operator set 13 the axes from the named one on count as one. */
function alongAxis(
  call: ImportCall,
  x: GraphTensor,
  normalise: (graph: GraphScope, x: GraphTensor, axis: number) => GraphTensor,
): GraphTensor {
  const { graph, opset } = call;
  if (!isFloat(x)) throw new Error(`it takes ${x.type}`);
  const axis = axisAt(call, x, opset >= 13 ? -1 : 1);
  if (opset >= 13 || axis === x.shape.length - 1) return normalise(graph, x, axis);
  return reshape(graph, normalise(graph, flatten(graph, x, axis), 1), x.shape);
}
