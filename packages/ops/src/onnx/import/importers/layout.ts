import { axisOf, fromStart, integerAttribute, integersAttribute, textAttribute } from "../../attributes.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import {
  concatenate,
  expandTo,
  flatten,
  reshape,
  split,
  squeeze,
  tile,
  transpose,
  unsqueeze,
} from "../../operators/layout.ts";
import { pad } from "../../operators/padding.ts";
import { sliceAxes } from "../../operators/slicing.ts";
import { elementCount, fixedSizeAt, formatShape } from "../../shapes.ts";
import {
  floatsAtOrNull,
  inputAt,
  integersAt,
  integersAtOrNull,
  ofOne,
  type ImportCall,
  type NamedImporter,
} from "../importer.ts";

/** Values that move. Shapes, axes and bounds were attributes in older operator sets, and are inputs in newer ones. */
export const layoutImporters: readonly NamedImporter[] = [
  ["Identity", ofOne((_, x) => x)],
  // In training too: what is dropped at random would not be there when the network is used.
  [
    "Dropout",
    ({ graph, inputs, results }) => {
      const x = inputs[0]!;
      const size = Number(elementCount(x.shape));
      const kept = (): GraphTensor =>
        graph.constant(Array<number>(size).fill(1), { type: "bool", shape: x.shape.map(Number) });
      return results > 1 ? [x, kept()] : [x];
    },
  ],
  ["Reshape", ofOne(importReshape)],
  ["Flatten", ofOne((call, x) => flatten(call.graph, x, fromStart(integerAttribute(call, "axis", 1), x.shape.length)))],
  [
    "Squeeze",
    ofOne((call, x) => {
      const named = integersAtOrNull(call, 1) ?? integersAttribute(call, "axes");
      const axes = named?.map((axis) => fromStart(axis, x.shape.length));
      return squeeze(call.graph, x, axes ?? x.shape.flatMap((size, axis) => (size === 1 ? [axis] : [])));
    }),
  ],
  [
    "Unsqueeze",
    ofOne((call, x) => {
      const axes = integersAtOrNull(call, 1) ?? integersAttribute(call, "axes") ?? [];
      const rank = x.shape.length + axes.length;
      return unsqueeze(
        call.graph,
        x,
        axes.map((axis) => fromStart(axis, rank)),
      );
    }),
  ],
  [
    "Transpose",
    ofOne((call, x) => {
      const backwards = x.shape.map((_, axis) => x.shape.length - 1 - axis);
      return transpose(call.graph, x, integersAttribute(call, "perm") ?? backwards);
    }),
  ],
  [
    "Concat",
    ofOne((call, x) => {
      const present = call.inputs.flatMap((input) => input ?? []).filter(({ shape }) => elementCount(shape) !== 0);
      return present.length <= 1 ? (present[0] ?? x) : concatenate(call.graph, present, axisOf(call, x, 1));
    }),
  ],
  ["Split", importSplit],
  ["Slice", ofOne(importSlice)],
  ["Expand", ofOne((call, x) => expandTo(call.graph, x, integersAt(call, 1)))],
  ["Tile", ofOne((call, x) => tile(call.graph, x, integersAt(call, 1)))],
  ["Pad", ofOne(importPad)],
  ["DepthToSpace", ofOne(depthToSpace)],
  ["SpaceToDepth", ofOne(spaceToDepth)],
];

/** 0 stands for the size as it is, -1 for what is left. */
function importReshape(call: ImportCall, x: GraphTensor): GraphTensor {
  const asked = integersAtOrNull(call, 1) ?? integersAttribute(call, "shape") ?? [];
  const keepsZeros = integerAttribute(call, "allowzero", 0) === 1;
  const sizes = asked.map((size, axis) => (size === 0 && !keepsZeros ? fixedSizeAt(x.shape, axis) : size));
  const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  return reshape(
    call.graph,
    x,
    sizes.map((size) => (size === -1 ? Number(elementCount(x.shape)) / known : size)),
  );
}

function importSplit(call: ImportCall): readonly GraphTensor[] {
  const x = inputAt(call, 0);
  const axis = axisOf(call, x, 0);
  const given = integersAtOrNull(call, 1) ?? integersAttribute(call, "split");
  const size = fixedSizeAt(x.shape, axis);
  const each = Math.ceil(size / call.results);
  const even = Array.from({ length: call.results }, (_, part) => Math.min(each, size - part * each));
  return split(call.graph, x, { axis, lengths: given ?? even });
}

function importSlice(call: ImportCall, x: GraphTensor): GraphTensor {
  const isInputs = call.opset >= 10;
  const starts = isInputs ? integersAt(call, 1) : (integersAttribute(call, "starts") ?? []);
  const ends = isInputs ? integersAt(call, 2) : (integersAttribute(call, "ends") ?? []);
  const axes = (isInputs ? integersAtOrNull(call, 3) : integersAttribute(call, "axes")) ?? starts.map((_, at) => at);
  const steps = integersAtOrNull(call, 4) ?? starts.map(() => 1);
  return sliceAxes(
    call.graph,
    x,
    axes.map((axis, place) => {
      return { axis: fromStart(axis, x.shape.length), start: starts[place]!, end: ends[place]!, step: steps[place]! };
    }),
  );
}

function importPad(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph, opset, inputs } = call;
  const pads = (opset >= 11 ? integersAt(call, 1) : integersAttribute(call, "pads")) ?? [];
  const named = opset >= 18 ? integersAtOrNull(call, 3) : null;
  const axes = (named ?? x.shape.map((_, axis) => axis)).map((axis) => fromStart(axis, x.shape.length));
  const value = opset >= 11 && (inputs[2] ?? null) !== null ? (floatsAtOrNull(call, 2)?.[0] ?? 0) : 0;
  const each = axes.map((axis, place) => {
    return { axis, before: pads[place]!, after: pads[place + axes.length]! };
  });
  return pad(graph, x, { pads: each, mode: textAttribute(call, "mode", "constant"), value });
}

/** [B, C · n², H, W] -> [B, C, n · H, n · W] */
function depthToSpace(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const block = integerAttribute(call, "blocksize", 1);
  const [batch, depth, height, width] = imageSizes(x);
  const channels = depth / block ** 2;
  const isColumnFirst = textAttribute(call, "mode", "DCR") === "CRD";
  const apart = isColumnFirst
    ? [batch, channels, block, block, height, width]
    : [batch, block, block, channels, height, width];
  const order = isColumnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  const moved = transpose(graph, reshape(graph, x, apart), order);
  return reshape(graph, moved, [batch, channels, height * block, width * block]);
}

/** [B, C, n · H, n · W] -> [B, C · n², H, W] */
function spaceToDepth(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const block = integerAttribute(call, "blocksize", 1);
  const [batch, channels, height, width] = imageSizes(x);
  const apart = reshape(graph, x, [batch, channels, height / block, block, width / block, block]);
  const moved = transpose(graph, apart, [0, 3, 5, 1, 2, 4]);
  return reshape(graph, moved, [batch, channels * block ** 2, height / block, width / block]);
}

function imageSizes({ shape }: GraphTensor): readonly [number, number, number, number] {
  if (shape.length !== 4) throw new Error(`it takes ${formatShape(shape)}`);
  return [fixedSizeAt(shape, 0), fixedSizeAt(shape, 1), fixedSizeAt(shape, 2), fixedSizeAt(shape, 3)];
}
