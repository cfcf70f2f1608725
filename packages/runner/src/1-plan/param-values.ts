import type { PathValue, WeightsValue } from "@exp-lab/dsl";

/** A file or folder that a program names. */
export function isPath(value: unknown): value is PathValue {
  return typeof value === "object" && value !== null && "path" in value && !("weights" in value);
}

/** Weights that a program takes from a file. */
export function isWeightsFile(value: unknown): value is Extract<WeightsValue, { weights: "file" }> {
  return typeof value === "object" && value !== null && "weights" in value && value.weights === "file";
}
