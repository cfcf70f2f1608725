import type { ParamSpec } from "@exp-lab/dsl";

/** The parameter of heads that are trained in steps. */
export const scheduleParam = {
  type: "choice",
  choices: ["cosine", "constant"],
  summary: "The learning rate over the steps: falling to zero along half a cosine, or the same throughout.",
  default: "cosine",
} as const satisfies ParamSpec;
