import type { ExampleSet, LabelledExamples } from "../artifacts/examples.ts";
import { inputOf, paramsOf, type OpContext } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { SingleOp } from "../op.ts";
import { chooseRows } from "./choose-rows.ts";
import { makeViews } from "./make-views.ts";
import { mirrorClasses } from "./mirror-classes.ts";
import { selectRows } from "./select-rows.ts";
import { splitSignature } from "./split-signature.ts";

/**
 * In the source's order. Classes are the data set's, not the split's, so that all splits agree on them. What the audit found
 * is noted on validation and test, and the notes come with every score on them. Only what a head learns from has views.
 * @throws OpError `split-empty`, `val-refused`, `shots-refit`, `views-fresh`, `too-few-groups`, or of `mirrorClasses`
 */
export const split: SingleOp = {
  shape: "single",
  signature: splitSignature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(splitSignature, context);
    const index = inputOf(context, "audited", "audited");
    const { rows, notes } = chooseRows(index, params);
    const isScored = params.split === "val" || params.split === "test";
    const set = selectRows(index, rows);
    return { ...viewsOf(set, context), notes: [...(isScored ? index.notes : []), ...notes] } satisfies ExampleSet;
  },
};

function viewsOf(set: LabelledExamples, context: OpContext): LabelledExamples {
  const params = paramsOf(splitSignature, context);
  const { split: selection, views, view_ops: operations, view_seed: seed } = params;
  const isLearntFrom = selection === "train" || selection === "train+val" || selection.startsWith("rest ");
  // Where a parameter means nothing it is null.
  if (!isLearntFrom || views === 0 || (views as number | null) === null) return set;
  const mirroredClasses = mirrorClasses(set.classNames, { operations, pairs: params.mirror_pairs ?? [] });
  const stored = views > 0;
  const recipe = { operations, seed, stored, ...(mirroredClasses !== null && { mirroredClasses }) };
  return makeViews(set, stored ? views : freshViews(context), recipe);
}

function freshViews({ params }: OpContext): number {
  const epochs = params["fresh_views"];
  if (typeof epochs === "number") return epochs;
  throw new OpError(
    "views-fresh",
    "Fresh views are made for every epoch, and the head is not trained in epochs.",
    "Give `views` a number, or take a head that has `epochs`.",
  );
}
