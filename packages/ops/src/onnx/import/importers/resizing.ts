import { floatsAttribute, integersAttribute, textAttribute } from "../../attributes.ts";
import type { AttributeValue, GraphTensor } from "../../graph-builder.ts";
import { fixedSizeAt } from "../../shapes.ts";
import { axesWithin, floatsAtOrNull, integersAt, ofOne, type ImportCall, type NamedImporter } from "../importer.ts";

/** Operator set 10 has scales alone; from 11 on inputs are x, region, scales and sizes, of which one of the last is there. */
export const resizingImporters: readonly NamedImporter[] = [
  ["Resize", ofOne((call, x) => (call.opset < 11 ? resizeByScales(call, x) : importResize(call, x)))],
  ["Upsample", ofOne(resizeByScales)],
];

function importResize(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph, attributes } = call;
  requireKnown(call);
  const axes = axesWithin(integersAttribute(call, "axes") ?? x.shape.map((_, axis) => axis), x.shape);
  const scales = floatsAtOrNull(call, 2) ?? [];
  if (scales.length > 0) {
    const shape = resized(x, axes, byScales(scales));
    return graph.node({ operator: "Resize", inputs: [x, null, graph.floats(scales)], attributes, shape });
  }
  const sizes = integersAt(call, 3);
  const shape = resized(x, axes, (place) => sizes[place]!);
  return graph.node({ operator: "Resize", inputs: [x, null, null, graph.integers(sizes)], attributes, shape });
}

/** What hangs on a region, or was in a single operator set. */
function requireKnown(call: ImportCall): void {
  const coordinates = textAttribute(call, "coordinate_transformation_mode", "half_pixel");
  if (coordinates.startsWith("tf_")) throw new Error(`it places values by "${coordinates}", which is not known here`);
  const policy = textAttribute(call, "keep_aspect_ratio_policy", "stretch");
  if (policy !== "stretch") throw new Error(`it keeps the aspect ratio by "${policy}", which is not known here`);
}

/**
 * As Upsample and the first Resize have it: places are multiplied. The nearest is the one before or, in a smaller image, the one
 * after: ONNX does not say, and onnxruntime has it so.
 */
function resizeByScales(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const scales = floatsAtOrNull(call, 1) ?? floatsAttribute(call, "scales") ?? [];
  if (scales.length !== x.shape.length) throw new Error(`it has ${scales.length} scales for ${x.shape.length} axes`);
  const mode = textAttribute(call, "mode", "nearest");
  const isSmaller = scales.some((scale) => scale < 1);
  if (isSmaller && mode === "nearest" && scales.some((scale) => scale > 1)) {
    throw new Error("it makes an image wider and lower at once, or the other way round");
  }
  const attributes: Readonly<Record<string, AttributeValue>> = {
    mode: { string: mode },
    coordinate_transformation_mode: { string: "asymmetric" },
    nearest_mode: { string: isSmaller ? "ceil" : "floor" },
  };
  const axes = x.shape.map((_, axis) => axis);
  const shape = resized(x, axes, byScales(scales));
  return graph.node({ operator: "Resize", inputs: [x, null, graph.floats(scales)], attributes, shape });
}

/** In float32, as ONNX has it: ten times 0.7 is 7 there, and less than 7 in float64. */
function byScales(scales: readonly number[]): (place: number, size: number) => number {
  return (place, size) => Math.floor(Math.fround(size * scales[place]!));
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
