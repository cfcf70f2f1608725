import { integerAttribute, integersAttribute } from "../../attributes.ts";
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
import { sliceAxes } from "../../operators/slicing.ts";
import { elementCount, fixedSizeAt } from "../../shapes.ts";
import {
  axesWithin,
  axisAt,
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
  ["Dropout", importDropout],
  ["Reshape", ofOne(importReshape)],
  ["Flatten", ofOne(importFlatten)],
  [
    "Squeeze",
    ofOne((call, x) => {
      const named = integersAtOrNull(call, 1) ?? integersAttribute(call, "axes");
      const single = x.shape.flatMap((size, axis) => (size === 1 ? [axis] : []));
      const axes = named === null ? single : axesWithin(named, x.shape);
      return axes.length === 0 ? x : squeeze(call.graph, x, axes);
    }),
  ],
  [
    "Unsqueeze",
    ofOne((call, x) => {
      const named = integersAtOrNull(call, 1) ?? integersAttribute(call, "axes") ?? [];
      return unsqueeze(call.graph, x, axesWithin(named, [...x.shape, ...named.map(() => 1)]));
    }),
  ],
  [
    "Transpose",
    ofOne((call, x) => {
      const backwards = x.shape.map((_, axis) => x.shape.length - 1 - axis);
      return transpose(call.graph, x, integersAttribute(call, "perm") ?? backwards);
    }),
  ],
  ["Concat", ofOne(importConcat)],
  ["Split", importSplit],
  ["Slice", ofOne(importSlice)],
  ["Expand", ofOne((call, x) => expandTo(call.graph, x, integersAt(call, 1)))],
  ["Tile", ofOne((call, x) => tile(call.graph, x, integersAt(call, 1)))],
];

/** Nothing is dropped in training either: what is trained is the network as it is used. All of the mask is true. */
function importDropout(call: ImportCall): readonly GraphTensor[] {
  const { graph, results } = call;
  const x = inputAt(call, 0);
  if (results < 2) return [x];
  return [x, expandTo(graph, graph.constant([1], { type: "bool", shape: [] }), x.shape.map(Number))];
}

/** 0 stands for the size as it is, -1 for what is left. */
function importReshape(call: ImportCall, x: GraphTensor): GraphTensor {
  const asked = integersAtOrNull(call, 1) ?? integersAttribute(call, "shape") ?? [];
  const keepsZeros = integerAttribute(call, "allowzero", 0) === 1;
  const sizes = asked.map((size, axis) => (size === 0 && !keepsZeros ? fixedSizeAt(x.shape, axis) : size));
  const known = sizes.filter((size) => size !== -1).reduce((product, size) => product * size, 1);
  const rest = Number(elementCount(x.shape)) / known;
  return reshape(
    call.graph,
    x,
    sizes.map((size) => (size === -1 ? rest : size)),
  );
}

/** The axis may lie behind the last. */
function importFlatten(call: ImportCall, x: GraphTensor): GraphTensor {
  const rank = x.shape.length;
  const axis = integerAttribute(call, "axis", 1);
  return flatten(call.graph, x, axis === rank ? rank : axesWithin([axis], x.shape)[0]!);
}

/** What adds nothing is left out: exporters begin lists with it. */
function importConcat(call: ImportCall, x: GraphTensor): GraphTensor {
  const all = call.inputs.flatMap((input) => input ?? []);
  const filled = all.filter(({ shape }) => elementCount(shape) !== 0);
  if (filled.length === 1) return filled[0]!;
  const parts = filled.length === 0 ? all : filled;
  return parts.length === 1 ? x : concatenate(call.graph, parts, axisAt(call, parts[0]!, 1));
}

function importSplit(call: ImportCall): readonly GraphTensor[] {
  const x = inputAt(call, 0);
  const axis = axisAt(call, x, 0);
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
    axesWithin(axes, x.shape).map((axis, place) => {
      return { axis, start: starts[place]!, end: ends[place]!, step: steps[place]! };
    }),
  );
}
