import { integerAttribute, textAttribute } from "../../attributes.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import { gather, gatherElements } from "../../operators/indexing.ts";
import { scatterBlocksAdd } from "../../operators/scattering.ts";
import { formatShape } from "../../shapes.ts";
import { axesWithin, axisAt, inputAt, ofOne, valuesAt, type ImportCall, type NamedImporter } from "../importer.ts";

export const indexingImporters: readonly NamedImporter[] = [
  [
    "Gather",
    ofOne((call, x) => {
      const [indices, axis] = [inputAt(call, 1), axisAt(call, x, 0)];
      requireWithin(call, x, { indices, axis });
      return gather(call.graph, x, { indices, axis });
    }),
  ],
  [
    "GatherElements",
    ofOne((call, x) => gatherElements(call.graph, x, { indices: inputAt(call, 1), axis: axisAt(call, x, 0) })),
  ],
  ["ScatterElements", ofOne(likeFirst)],
  ["ScatterND", ofOne(importScatteredBlocks)],
  [
    "GatherND",
    ofOne((call, x) => {
      const indices = inputAt(call, 1);
      const shared = integerAttribute(call, "batch_dims", 0);
      const depth = Number(indices.shape.at(-1));
      const shape = [...indices.shape.slice(0, -1), ...x.shape.slice(shared + depth)];
      return call.graph.node({ operator: "GatherND", inputs: call.inputs, attributes: call.attributes, shape });
    }),
  ],
  ["ArgMax", ofOne(extremePlace)],
  ["ArgMin", ofOne(extremePlace)],
  ["OneHot", ofOne(importOneHot)],
  ["Trilu", ofOne(likeFirst)],
  ["CumSum", ofOne(likeFirst)],
];

function likeFirst({ graph, operator, inputs, attributes }: ImportCall, x: GraphTensor): GraphTensor {
  return graph.node({ operator, inputs, attributes, shape: x.shape });
}

function importScatteredBlocks(call: ImportCall, x: GraphTensor): GraphTensor {
  if (textAttribute(call, "reduction", "none") !== "add") return likeFirst(call, x);
  return scatterBlocksAdd(call.graph, x, { indices: inputAt(call, 1), updates: inputAt(call, 2) });
}

/** Where the indices are known, onnxruntime would say no more than that one is out of bounds. */
function requireWithin(
  { graph }: ImportCall,
  { shape }: GraphTensor,
  { indices, axis }: { readonly indices: GraphTensor; readonly axis: number },
): void {
  const size = Number(shape[axis]);
  const outside = graph.integersOf(indices)?.find((index) => index < -size || index >= size);
  if (outside === undefined) return;
  throw new Error(`its index ${String(outside)} lies outside axis ${String(axis)} of ${formatShape(shape)}`);
}

function extremePlace(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph, operator, attributes } = call;
  const axis = axisAt(call, x, 0);
  const keeps = integerAttribute(call, "keepdims", 1) === 1;
  const shape = x.shape.flatMap((size, each) => (each === axis ? (keeps ? [1] : []) : [size]));
  return graph.node({ operator, inputs: [x], attributes, shape, type: "int64" });
}

function importOneHot(call: ImportCall, indices: GraphTensor): GraphTensor {
  const { graph, inputs, attributes } = call;
  const [depth] = valuesAt(call, 1);
  const widened = [...indices.shape, 1];
  const [axis] = axesWithin([integerAttribute(call, "axis", -1)], widened);
  const shape = [...indices.shape.slice(0, axis), depth!, ...indices.shape.slice(axis)];
  return graph.node({ operator: "OneHot", inputs, attributes, shape, type: inputAt(call, 2).type });
}
