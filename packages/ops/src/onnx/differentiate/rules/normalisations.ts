import type { GraphScope, GraphTensor } from "../../graph-builder.ts";
import { add, divide, multiply, squareRoot, subtract } from "../../operators/arithmetic.ts";
import { reshape } from "../../operators/layout.ts";
import { meanKeepingAxes } from "../../operators/reductions.ts";
import { dimensionAt, fixedSizeAt, type Shape } from "../../shapes.ts";
import { axisOf, floatAttribute, integerAttribute } from "../../attributes.ts";
import { sumBack } from "../broadcasting.ts";
import { scalarLike } from "../../operators/filling.ts";
import { ofOneResult, type GradientRule, type NamedRule, type SimpleCall } from "../gradient-rule.ts";

/**
 * (x - mean) / √(variance + ε) · scale + bias, with moments over some axes. What comes between is worked out once more: it costs
 * little beside the products that it stands between, and need not be kept from the forward pass.
 */
export const normalisationRules: readonly NamedRule[] = [
  [
    "LayerNormalization",
    ofOneResult((call) => {
      const x = call.inputs[0]!;
      const first = axisOf(call.node, x, -1);
      const axes = x.shape.flatMap((_, axis) => (axis >= first ? [axis] : []));
      return gradientsOf(call, { axes, epsilon: epsilonOf(call), scaleShape: call.inputs[1]!.shape });
    }),
  ],
  [
    "InstanceNormalization",
    ofOneResult((call) => {
      const x = call.inputs[0]!;
      const axes = x.shape.flatMap((_, axis) => (axis >= 2 ? [axis] : []));
      return gradientsOf(call, { axes, epsilon: epsilonOf(call), scaleShape: perChannel(x) });
    }),
  ],
  ["GroupNormalization", ofOneResult((call) => groupGradients(call))],
  ["BatchNormalization", batchNormalization],
];

/** As [B, groups, channels of one, places]; scale and bias are per channel or, in operator sets before 21, per group. */
function groupGradients(call: SimpleCall): ReturnType<GradientRule> {
  const { graph, node, gradient, inputs } = call;
  const [x, scale] = [inputs[0]!, inputs[1]!];
  const groups = integerAttribute(node, "num_groups", 1);
  const channels = fixedSizeAt(x.shape, 1) / groups;
  const places = x.shape.slice(2).reduce<number>((product, size) => product * Number(size), 1);
  const view = (tensor: GraphTensor): GraphTensor =>
    reshape(graph, tensor, [dimensionAt(x.shape, 0), groups, channels, places]);
  const isPerGroup = fixedSizeAt(scale.shape, 0) === groups;
  const viewed = { ...call, gradient: view(gradient), inputs: [view(x), ...inputs.slice(1)] };
  const scaleShape = isPerGroup ? [groups, 1, 1] : [groups, channels, 1];
  const [ofX, ...others] = gradientsOf(viewed, { axes: [2, 3], epsilon: epsilonOf(call), scaleShape });
  return [() => reshape(graph, ofX!(), x.shape), ...others];
}

interface Normalising {
  readonly axes: readonly number[];
  readonly epsilon: number;
  /** The shape under which scale and bias are broadcast to x. */
  readonly scaleShape: Shape;
}

function epsilonOf({ node }: SimpleCall): number {
  return floatAttribute(node, "epsilon", 1e-5);
}

function perChannel({ shape }: GraphTensor): Shape {
  return [fixedSizeAt(shape, 1), ...shape.slice(2).map(() => 1)];
}

/**
 * With g' = g · scale and x̂ normalised: (g' - mean g' - x̂ · mean(g' · x̂)) / deviation.
 * Source: Ioffe and Szegedy, Batch Normalization (2015), section 3.
 */
function gradientsOf(
  call: SimpleCall,
  { axes, epsilon, scaleShape }: Normalising,
): readonly ((() => GraphTensor) | null)[] {
  const { graph, gradient, inputs } = call;
  const [x, scale] = [inputs[0]!, inputs[1]!];
  const normalised = (): { readonly value: GraphTensor; readonly deviation: GraphTensor } => {
    const centred = subtract(graph, x, meanKeepingAxes(graph, x, axes));
    const variance = meanKeepingAxes(graph, multiply(graph, centred, centred), axes);
    const deviation = squareRoot(graph, add(graph, variance, scalarLike(graph, x, epsilon)));
    return { value: divide(graph, centred, deviation), deviation };
  };
  return [
    () => {
      const { value, deviation } = normalised();
      const scaled = multiply(graph, gradient, reshape(graph, scale, scaleShape));
      const along = meanKeepingAxes(graph, multiply(graph, scaled, value), axes);
      const level = meanKeepingAxes(graph, scaled, axes);
      return divide(graph, subtract(graph, subtract(graph, scaled, level), multiply(graph, value, along)), deviation);
    },
    () => summedTo(graph, multiply(graph, gradient, normalised().value), { scale, scaleShape }),
    inputs[2] === undefined ? null : () => summedTo(graph, gradient, { scale, scaleShape }),
  ];
}

interface Scale {
  readonly scale: GraphTensor;
  readonly scaleShape: Shape;
}

/** Summed over what scale and bias were broadcast along. */
function summedTo(graph: GraphScope, gradient: GraphTensor, { scale, scaleShape }: Scale): GraphTensor {
  const summed = sumBack(graph, gradient, { ...scale, shape: scaleShape });
  return reshape(graph, summed, scale.shape);
}

/** Inputs: x, scale, bias, mean, variance. In training the moments are the batch's own, else they are given and fixed. */
function batchNormalization(call: Parameters<GradientRule>[0]): ReturnType<GradientRule> {
  const { graph, node, gradients } = call;
  const [gradient] = gradients;
  const [x, scale, , mean, variance] = node.inputs.map((input) => input!);
  if (gradient == null) throw new Error(`The node ${node.name} has no gradient to pass on.`);
  const simple = { graph, node, gradient, result: node.outputs[0]!, inputs: node.inputs.map((input) => input!) };
  const epsilon = epsilonOf(simple);
  const scaleShape = perChannel(x!);
  if (integerAttribute(node, "training_mode", 0) === 1) {
    const axes = x!.shape.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
    return [...gradientsOf(simple, { axes, epsilon, scaleShape }), null, null];
  }
  const deviation = (): GraphTensor =>
    squareRoot(graph, add(graph, reshape(graph, variance!, scaleShape), scalarLike(graph, x!, epsilon)));
  return [
    () => multiply(graph, gradient, divide(graph, reshape(graph, scale!, scaleShape), deviation())),
    () => {
      const normalised = divide(graph, subtract(graph, x!, reshape(graph, mean!, scaleShape)), deviation());
      return summedTo(graph, multiply(graph, gradient, normalised), { scale: scale!, scaleShape });
    },
    () => summedTo(graph, gradient, { scale: scale!, scaleShape }),
    null,
    null,
  ];
}
