import type { InputSpec, ParamSpec } from "@exp-lab/dsl";
import type { ExampleSet } from "../artifacts/examples.ts";
import type { OpContext } from "../op-context.ts";
import type { BagPooling } from "./bags.ts";
import { takePart } from "./feature-part.ts";
import { headData, poolingParams } from "./head-data.ts";
import type { NeighbourSearch } from "./nearest-neighbours.ts";
import { createPacer } from "./pacer.ts";
import { fitStandardiser, identityStandardiser } from "./standardiser.ts";

/** The rows of a training split and those that are to be compared with them. */
export interface ComparedRows extends Omit<NeighbourSearch, "k"> {
  readonly trainExamples: ExampleSet;
  readonly examples: ExampleSet;
}

/** The parameters of every head that compares rows. */
export const comparisonParams = {
  ...poolingParams,
  metric: {
    type: "choice",
    choices: ["cosine", "euclidean"],
    summary: "Similarity of two feature rows: their cosine, or minus their Euclidean distance.",
    default: "cosine",
  },
  standardise: {
    type: "boolean",
    summary: "Bring every feature to mean 0 and deviation 1 over the training split first.",
    default: false,
  },
  with_val: {
    type: "boolean",
    summary: "Compare with the validation examples too, besides the training split's; a search says it by `refit`.",
    default: false,
  },
  part: {
    type: "string",
    summary: "The part of the features to compare; by default the backbone's own choice.",
    default: null,
  },
} as const satisfies Readonly<Record<string, ParamSpec>>;

export const comparisonInputs = {
  trainFeatures: { kind: "features", split: "train", summary: "Features of the training split." },
  trainExamples: { kind: "examples", split: "train", summary: "Labels of the training split." },
  features: { kind: "features", summary: "Features of the split that is asked for." },
  examples: { kind: "examples", summary: "The examples of that split, with their labels." },
} as const satisfies Readonly<Record<string, InputSpec>>;

export interface RowSettings {
  readonly metric: "cosine" | "euclidean";
  readonly standardise: boolean;
  readonly part: string | null;
  readonly pooling: BagPooling;
}

/** Takes both sides from the inputs. @throws OpError of `takePart` */
export function prepareRows(context: OpContext, { metric, standardise, part, pooling }: RowSettings): ComparedRows {
  const learned = headData(context, pooling, { features: "trainFeatures", examples: "trainExamples" });
  const asked = headData(context, pooling);
  const { examples: trainExamples } = learned;
  const { examples } = asked;
  const training = takePart(learned.features, trainExamples, part);
  const queries = takePart(asked.features, examples, part);
  return {
    trainExamples,
    examples,
    training,
    queries,
    standardiser: standardise ? fitStandardiser(training) : identityStandardiser(training.width),
    metric,
    pause: createPacer(context.signal),
    progress: context.progress,
  };
}
