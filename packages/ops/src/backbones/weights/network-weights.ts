import type { GraphTensor } from "../../onnx/graph-builder.ts";

/**
 * The weights that an architecture asks for while its graph is built, under the architecture's own names, whatever the names in
 * the publisher's file. Every tensor that is handed out is float32.
 */
export interface NetworkWeights {
  /** A weight of this name and shape. @throws OpError `weights-missing`, `weights-shape`, naming file, tensor and both shapes */
  get(name: string, shape: readonly number[]): GraphTensor;
  /** Whether there is one of the name: for parts that not every checkpoint has. */
  has(name: string): boolean;
  /** Its shape; null where there is none of the name. */
  shapeOf(name: string): readonly number[] | null;
}
