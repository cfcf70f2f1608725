import { floatOf, integerOf, type Kernel, type NamedKernel } from "../kernel.ts";
import { fromStart, sizeOf, tensorBy, valueAt, type Tensor } from "../tensor.ts";

export const normalisationKernels: readonly NamedKernel[] = [
  ["BatchNormalization", batchNormalization],
  ["GroupNormalization", groupNormalization],
  [
    "InstanceNormalization",
    (inputs, node) => normalise(inputs, { groups: inputs[0]!.dims[1]!, epsilon: floatOf(node, "epsilon", 1e-5) }),
  ],
  ["LayerNormalization", layerNormalization],
];

/** (x - mean) / sqrt(variance + epsilon) · scale + bias over the axes from one on; then mean and 1 / deviation. */
function layerNormalization(...[inputs, node]: Parameters<Kernel>): readonly Tensor[] {
  const [x, scale, bias] = [inputs[0]!, inputs[1]!, inputs[2] ?? null];
  const axis = fromStart(integerOf(node, "axis", -1), x.dims.length);
  const inner = sizeOf(x.dims.slice(axis));
  const epsilon = floatOf(node, "epsilon", 1e-5);
  const rows = Array.from({ length: x.data.length / inner }, (_, row) => x.data.slice(row * inner, (row + 1) * inner));
  const moments = rows.map((row) => momentsOf(row, epsilon));
  const data = new Float64Array(x.data.length);
  const normalised = tensorBy(x.dims, () => 0);
  rows.forEach((row, which) => {
    const { mean, inverse } = moments[which]!;
    row.forEach((value, at) => (data[which * inner + at] = (value - mean) * inverse));
  });
  const whole = { ...normalised, data };
  const kept = x.dims.map((size, each) => (each < axis ? size : 1));
  return [
    tensorBy(
      x.dims,
      (place) => valueAt(whole, place) * valueAt(scale, place) + (bias === null ? 0 : valueAt(bias, place)),
    ),
    { dims: kept, data: Float64Array.from(moments, ({ mean }) => mean) },
    { dims: kept, data: Float64Array.from(moments, ({ inverse }) => inverse) },
  ];
}

/** Inputs: x, scale, bias, mean, variance. In training, of the batch's own; the running ones come after the result. */
function batchNormalization(...[inputs, node]: Parameters<Kernel>): readonly Tensor[] {
  const [x, scale, bias, mean, variance] = inputs.map((input) => input!);
  const epsilon = floatOf(node, "epsilon", 1e-5);
  const isTraining = integerOf(node, "training_mode", 0) === 1;
  const momentum = floatOf(node, "momentum", 0.9);
  const channels = x!.dims[1]!;
  const moments = Array.from({ length: channels }, (_, channel) => {
    if (!isTraining) return { mean: mean!.data[channel]!, variance: variance!.data[channel]! };
    return momentsOf(Float64Array.from(channelOf(x!, channel)), 0);
  });
  const result = tensorBy(x!.dims, (place) => {
    const channel = place[1]!;
    const of = moments[channel]!;
    const normalised = (valueAt(x!, place) - of.mean) / Math.sqrt(of.variance + epsilon);
    return normalised * scale!.data[channel]! + bias!.data[channel]!;
  });
  const running = (before: Tensor, now: (channel: number) => number): Tensor => ({
    ...before,
    data: before.data.map((value, channel) => momentum * value + (1 - momentum) * now(channel)),
  });
  return [
    result,
    running(mean!, (channel) => moments[channel]!.mean),
    running(variance!, (channel) => moments[channel]!.variance),
  ];
}

function channelOf(x: Tensor, channel: number): readonly number[] {
  const inner = sizeOf(x.dims.slice(2));
  return [...x.data].filter((_, at) => channel === Math.floor(at / inner) % x.dims[1]!);
}

function groupNormalization(...[inputs, node]: Parameters<Kernel>): readonly Tensor[] {
  return normalise(inputs, { groups: integerOf(node, "num_groups", 1), epsilon: floatOf(node, "epsilon", 1e-5) });
}

/** Per image and group of channels; scale and bias are per channel or, in older operator sets, per group. */
function normalise(
  inputs: readonly (Tensor | null)[],
  { groups, epsilon }: { readonly groups: number; readonly epsilon: number },
): readonly Tensor[] {
  const [x, scale, bias] = [inputs[0]!, inputs[1]!, inputs[2]!];
  const [images = 1, channels = 1] = x.dims;
  const inner = (channels / groups) * sizeOf(x.dims.slice(2));
  const moments = Array.from({ length: images * groups }, (_, group) =>
    momentsOf(x.data.slice(group * inner, (group + 1) * inner), epsilon),
  );
  return [
    tensorBy(x.dims, (place) => {
      const [image = 0, channel = 0] = place;
      const group = Math.floor(channel / (channels / groups));
      const { mean, inverse } = moments[image * groups + group]!;
      const at = scale.data.length === channels ? channel : group;
      return (valueAt(x, place) - mean) * inverse * scale.data[at]! + bias.data[at]!;
    }),
  ];
}

function momentsOf(values: Float64Array, epsilon: number) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance, inverse: 1 / Math.sqrt(variance + epsilon) };
}
