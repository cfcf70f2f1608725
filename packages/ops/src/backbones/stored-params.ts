import { positionRules } from "./networks/transformer/position-grid.ts";

/** What stands before the wanted names in a file of weights; every backbone over stored weights has it. */
export const prefixParam = {
  type: "string",
  summary: "What stands before the names that are meant, where a file holds several networks; by default found out.",
  default: null,
} as const;

/** For networks with a final norm. */
export const normParam = {
  type: "choice",
  choices: ["final", "none"],
  summary: "Whether the network's final norm is applied to every block that is taken, as it was trained for the last.",
  default: "final",
} as const;

/** For networks with learned positions; the default is the publisher's. */
export const positionsParam = {
  type: "choice",
  choices: positionRules,
  summary:
    "How learned positions are resized where an image has another size: as DINOv2 does, as transformers or as timm.",
} as const;
