import type { AttributeValue, GraphScope, GraphTensor } from "../graph-builder.ts";
import { dimensionAt, fixedSizeAt, formatShape, sameDimension } from "../shapes.ts";

/** How a window goes over one axis in space. */
export interface WindowStep {
  readonly stride: number;
  readonly dilation: number;
  /** Places of padding before the axis and after it. */
  readonly before: number;
  readonly after: number;
}

export interface ConvolutionOptions {
  /** [out channels, in channels / groups, kernel sizes...] */
  readonly weight: GraphTensor;
  readonly bias?: GraphTensor | null;
  /** One for each axis in space; where there is a single one, for all of them. */
  readonly steps?: readonly Partial<WindowStep>[];
  readonly groups?: number;
}

/** [B, C, space...] -> [B, out, space'...] */
export function convolution(graph: GraphScope, x: GraphTensor, options: ConvolutionOptions): GraphTensor {
  const { weight, bias = null, groups = 1 } = options;
  const steps = stepsOf(weight, options.steps);
  const [inputs, outputs] = [fixedSizeAt(x.shape, 1), fixedSizeAt(weight.shape, 0)];
  const fits = x.shape.length === weight.shape.length && inputs === fixedSizeAt(weight.shape, 1) * groups;
  if (!fits || outputs % groups !== 0) {
    throw new Error(
      `A convolution of ${formatShape(weight.shape)} in ${String(groups)} groups does not take ${formatShape(x.shape)}.`,
    );
  }
  const space = steps.map(({ stride, dilation, before, after }, axis) => {
    const reach = (fixedSizeAt(weight.shape, axis + 2) - 1) * dilation + 1;
    return Math.floor((fixedSizeAt(x.shape, axis + 2) + before + after - reach) / stride) + 1;
  });
  return graph.node({
    operator: "Conv",
    inputs: bias === null ? [x, weight] : [x, weight, bias],
    attributes: attributesOf(steps, groups),
    shape: [dimensionAt(x.shape, 0), outputs, ...space],
  });
}

export interface TransposedConvolutionOptions extends Omit<ConvolutionOptions, "weight"> {
  /** [in channels, out channels / groups, kernel sizes...] */
  readonly weight: GraphTensor;
  /** Places that the result has beyond what its windows reach, for each axis in space. */
  readonly extra?: readonly number[];
}

/** Each value spreads over a window of the result: [B, C, space...] -> [B, out, space'...] */
export function transposedConvolution(
  graph: GraphScope,
  x: GraphTensor,
  options: TransposedConvolutionOptions,
): GraphTensor {
  const { weight, bias = null, groups = 1 } = options;
  const steps = stepsOf(weight, options.steps);
  const extra = options.extra ?? steps.map(() => 0);
  if (!sameDimension(dimensionAt(x.shape, 1), dimensionAt(weight.shape, 0))) {
    throw new Error(`A transposed convolution of ${formatShape(weight.shape)} does not take ${formatShape(x.shape)}.`);
  }
  const space = steps.map(({ stride, dilation, before, after }, axis) => {
    const reach = (fixedSizeAt(weight.shape, axis + 2) - 1) * dilation + 1;
    return (fixedSizeAt(x.shape, axis + 2) - 1) * stride + reach + extra[axis]! - before - after;
  });
  return graph.node({
    operator: "ConvTranspose",
    inputs: bias === null ? [x, weight] : [x, weight, bias],
    attributes: {
      ...attributesOf(steps, groups),
      ...(extra.some((places) => places !== 0) ? { output_padding: { ints: extra } } : {}),
    },
    shape: [dimensionAt(x.shape, 0), fixedSizeAt(weight.shape, 1) * groups, ...space],
  });
}

const plainStep: WindowStep = { stride: 1, dilation: 1, before: 0, after: 0 };

function stepsOf({ shape }: GraphTensor, given: readonly Partial<WindowStep>[] = []): readonly WindowStep[] {
  const [single] = given;
  return shape.slice(2).map((_, axis) => ({ ...plainStep, ...(given.length === 1 ? single : given[axis]) }));
}

/** What is as ONNX has it anyway is left out. */
function attributesOf(steps: readonly WindowStep[], groups: number): Readonly<Record<string, AttributeValue>> {
  const pads = [...steps.map(({ before }) => before), ...steps.map(({ after }) => after)];
  const dilations = steps.map(({ dilation }) => dilation);
  return {
    strides: { ints: steps.map(({ stride }) => stride) },
    ...(dilations.some((dilation) => dilation !== 1) ? { dilations: { ints: dilations } } : {}),
    ...(pads.some((pad) => pad !== 0) ? { pads: { ints: pads } } : {}),
    ...(groups === 1 ? {} : { group: { int: groups } }),
  };
}
