import type { GraphNode } from "../graph-builder.ts";
import { floatAttribute, textAttribute } from "./attributes.ts";

export interface ResizedAxis {
  /** Sizes before and after. */
  readonly from: number;
  readonly to: number;
  /** How much larger the axis becomes, as the node says it; where it names sizes, their ratio. */
  readonly scale: number;
}

/**
 * What a Resize makes of one axis as a matrix, [to, from], row-major: each value that comes out as shares of those that went in.
 * Resizing is linear, so that this holds for every mode.
 * @throws Error for modes that are no fixed shares
 */
export function resizeWeights(node: GraphNode, axis: ResizedAxis): Float64Array {
  const { from, to } = axis;
  const weights = new Float64Array(to * from);
  const mode = textAttribute(node, "mode", "nearest");
  for (let out = 0; out < to; out += 1) {
    const place = sourcePlace(node, axis, out);
    for (const { at, share } of sharesAt(node, mode, place)) {
      const index = Math.max(0, Math.min(from - 1, at));
      weights[out * from + index] = (weights[out * from + index] ?? 0) + share;
    }
  }
  return weights;
}

/** Where a value of the result lies on the axis that it came from. */
function sourcePlace(node: GraphNode, { from, to, scale }: ResizedAxis, out: number): number {
  const mode = textAttribute(node, "coordinate_transformation_mode", "half_pixel");
  switch (mode) {
    case "half_pixel":
      return (out + 0.5) / scale - 0.5;
    case "pytorch_half_pixel":
      return to > 1 ? (out + 0.5) / scale - 0.5 : 0;
    case "align_corners":
      return to > 1 ? (out * (from - 1)) / (to - 1) : 0;
    case "asymmetric":
      return out / scale;
    default:
      throw new Error(`The gradient of ${node.name} with coordinates "${mode}" is not known.`);
  }
}

interface Share {
  readonly at: number;
  readonly share: number;
}

function sharesAt(node: GraphNode, mode: string, place: number): readonly Share[] {
  if (mode === "nearest") return [{ at: nearestTo(node, place), share: 1 }];
  const low = Math.floor(place);
  const past = place - low;
  if (mode === "linear") {
    return [
      { at: low, share: 1 - past },
      { at: low + 1, share: past },
    ];
  }
  if (textAttribute(node, "exclude_outside", "0") !== "0")
    throw new Error(`The gradient of ${node.name} is not known.`);
  const a = floatAttribute(node, "cubic_coeff_a", -0.75);
  const near = (distance: number): number => ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  const far = (distance: number): number => ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  return [
    { at: low - 1, share: far(past + 1) },
    { at: low, share: near(past) },
    { at: low + 1, share: near(1 - past) },
    { at: low + 2, share: far(2 - past) },
  ];
}

function nearestTo(node: GraphNode, place: number): number {
  switch (textAttribute(node, "nearest_mode", "round_prefer_floor")) {
    case "floor":
      return Math.floor(place);
    case "ceil":
      return Math.ceil(place);
    case "round_prefer_ceil":
      return Math.floor(place + 0.5);
    default:
      return Math.ceil(place - 0.5);
  }
}
