import type { GraphScope, GraphTensor } from "../../../onnx/graph-builder.ts";
import { add, multiply, negate } from "../../../onnx/operators/arithmetic.ts";
import { concatenate, slice } from "../../../onnx/operators/layout.ts";
import { fixedSizeAt } from "../../../onnx/shapes.ts";

export interface RotaryOptions {
  /** Patches along a side. */
  readonly side: number;
  /** Width of a head; a multiple of 4. */
  readonly size: number;
  /** The longest period, as in `rope_theta`. */
  readonly base: number;
}

/**
 * Rotary positions of DINOv3 (Siméoni et al. 2025, as transformers' `dinov3_vit` has them): each pair of channels of queries and keys
 * is turned by an angle that grows with where the patch's centre lies, rows for one half of the pairs and columns for the other.
 * Tokens before the patches (class token, registers) stay as they are. [B, heads, N, size] -> the same.
 */
export function rotaryPositions(graph: GraphScope, options: RotaryOptions): (x: GraphTensor) => GraphTensor {
  const { side, size } = options;
  const patches = side * side;
  const angles = anglesOf(options);
  const shape = [patches, size];
  const cosine = graph.constant(Array.from(angles, Math.cos), { type: "float32", shape });
  const sine = graph.constant(Array.from(angles, Math.sin), { type: "float32", shape });
  return (x) => {
    const length = fixedSizeAt(x.shape, 2);
    const turned = slice(graph, x, { axis: 2, start: length - patches, end: length });
    const halves = [0, 1].map((half) =>
      slice(graph, turned, { axis: 3, start: (half * size) / 2, end: ((half + 1) * size) / 2 }),
    );
    const across = concatenate(graph, [negate(graph, halves[1]!), halves[0]!], 3);
    const rotated = add(graph, multiply(graph, turned, cosine), multiply(graph, across, sine));
    if (length === patches) return rotated;
    return concatenate(graph, [slice(graph, x, { axis: 2, start: 0, end: length - patches }), rotated], 2);
  };
}

/** [patches, size]: for each patch size/4 angles of its row, as many of its column, and both once more. In single precision, as published. */
function anglesOf({ side, size, base }: RotaryOptions): Float32Array {
  const periods = Float32Array.from({ length: size / 4 }, (_, index) => 1 / base ** Math.fround((4 * index) / size));
  const angles = new Float32Array(side * side * size);
  for (let patch = 0; patch < side * side; patch++) {
    const place = [Math.floor(patch / side), patch % side].map((index) =>
      Math.fround(2 * Math.fround(Math.fround(index + 0.5) / side) - 1),
    );
    for (let channel = 0; channel < size; channel++) {
      const along = channel % (size / 2);
      const axis = along < size / 4 ? 0 : 1;
      const frequency = periods[along % (size / 4)]!;
      angles[patch * size + channel] = Math.fround(Math.fround(2 * Math.PI * place[axis]!) * frequency);
    }
  }
  return angles;
}
