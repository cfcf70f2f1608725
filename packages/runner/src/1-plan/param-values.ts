import type { PathValue, StoredWeightsValue } from "@exp-lab/dsl";

/** A file or folder that a program names. */
export function isPath(value: unknown): value is PathValue {
  return typeof value === "object" && value !== null && "path" in value && !("weights" in value);
}

/** Weights that lie in files: of the user's, or of a cache. */
export function isStoredWeights(value: unknown): value is StoredWeightsValue {
  return typeof value === "object" && value !== null && "weights" in value && value.weights !== "random";
}
