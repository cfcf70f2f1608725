import { fromStart, integersAttribute, textAttribute } from "../../attributes.ts";
import type { AttributeValue, GraphTensor } from "../../graph-builder.ts";
import { fixedSizeAt } from "../../shapes.ts";
import { floatsAtOrNull, integersAtOrNull, ofOne, type ImportCall, type NamedImporter } from "../importer.ts";

export const resizingImporters: readonly NamedImporter[] = [
  ["Resize", ofOne(importResize)],
  ["Upsample", ofOne((call, x) => resizeByScales(call, x, floatsAtOrNull(call, 1) ?? []))],
];

/** Operator set 10 has scales alone; from 11 on inputs are x, region, scales and sizes, of which one is there. */
function importResize(call: ImportCall, x: GraphTensor): GraphTensor {
  if (call.opset < 11) return resizeByScales(call, x, floatsAtOrNull(call, 1) ?? []);
  const { graph, attributes } = call;
  const rank = x.shape.length;
  const axes = (integersAttribute(call, "axes") ?? x.shape.map((_, axis) => axis)).map((axis) => fromStart(axis, rank));
  const scales = floatsAtOrNull(call, 2) ?? [];
  if (scales.length === 0) {
    const sizes = integersAtOrNull(call, 3) ?? [];
    const policy = textAttribute(call, "keep_aspect_ratio_policy", "stretch");
    if (policy !== "stretch") throw new Error(`it keeps the aspect ratio by "${policy}"`);
    const shape = resized(x, axes, (place) => sizes[place]!);
    return graph.node({ operator: "Resize", inputs: [x, null, null, graph.integers(sizes)], attributes, shape });
  }
  const shape = resized(x, axes, (place, size) => Math.floor(size * scales[place]!));
  return graph.node({ operator: "Resize", inputs: [x, null, graph.floats(scales)], attributes, shape });
}

/** As Upsample and the first Resize have it: places are multiplied, and the nearest is the one before. */
function resizeByScales(call: ImportCall, x: GraphTensor, scales: readonly number[]): GraphTensor {
  const { graph } = call;
  const attributes: Readonly<Record<string, AttributeValue>> = {
    mode: { string: textAttribute(call, "mode", "nearest") },
    coordinate_transformation_mode: { string: "asymmetric" },
    nearest_mode: { string: "floor" },
  };
  const axes = x.shape.map((_, axis) => axis);
  const shape = resized(x, axes, (place, size) => Math.floor(size * scales[place]!));
  return graph.node({ operator: "Resize", inputs: [x, null, graph.floats(scales)], attributes, shape });
}

function resized(
  { shape }: GraphTensor,
  axes: readonly number[],
  sizeOf: (place: number, size: number) => number,
): readonly number[] {
  return shape.map((_, axis) => {
    const [place, size] = [axes.indexOf(axis), fixedSizeAt(shape, axis)];
    return place === -1 ? size : sizeOf(place, size);
  });
}
