import type { ParamSpec } from "@exp-lab/dsl";
import { inputOf, type OpContext } from "../op-context.ts";
import { poolBags, type BagPooling, type HeadData } from "./bags.ts";

/** The parameter of every head that takes one row of features per example. */
export const poolingParams = {
  pooling: {
    type: "choice",
    choices: ["mean", "max"],
    summary: "How the features of a bag's images become one row; nothing where the data set has no bags.",
    default: "mean",
  },
} as const satisfies Readonly<Record<string, ParamSpec>>;

const ownNames = { features: "features", examples: "examples" };

/** A head's features and examples, one row per example: bags are pooled here. */
export function headData(context: OpContext, pooling: BagPooling, names = ownNames): HeadData {
  return poolBags(notedData(context, names), pooling);
}

/** The inputs as they are, one row per image; what has to be said of the features is said with the examples. */
export function notedData(context: OpContext, names = ownNames): HeadData {
  const features = inputOf(context, names.features, "features");
  const examples = inputOf(context, names.examples, "examples");
  const notes = features.notes ?? [];
  const noted = notes.length === 0 ? examples : { ...examples, notes: [...examples.notes, ...notes] };
  return { features, examples: noted };
}
