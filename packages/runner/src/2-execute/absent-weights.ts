import type { TaskFailure } from "./outcome.ts";

/**
 * The plan trusted the store for weights that were not here, and then an answer turned out to be lost. What lies in the cache by
 * now may be another revision: nothing is computed from it under the old one's name.
 */
export function absentWeights(name: string): TaskFailure {
  return {
    code: "weights-absent",
    message: `${name} was not on this machine when the run was planned, and an answer that stood for it is lost.`,
    hint: "Run again: what needs these weights is then known beforehand, and they are downloaded.",
    stack: null,
  };
}
