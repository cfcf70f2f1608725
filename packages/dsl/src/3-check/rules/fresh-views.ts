import { freshWithoutEpochs } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** Fresh views are new in every epoch: a head that is fitted at once has none. */
export const freshViewsNeedEpochs: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const { declarations, constructors, valueOf } of allCombinations(["dataset", "head"], subject)) {
    const views = valueOf("dataset", "views");
    const { dataset, head } = declarations;
    if (views?.spec.type !== "integer" || dataset === undefined || head === undefined) continue;
    if (views.value !== views.spec.words?.["fresh"] || constructors.head?.searching?.epochs !== undefined) continue;
    report(freshWithoutEpochs(views.span ?? dataset.span, { head: head.label, op: head.op, at: head.span }));
  }
};
