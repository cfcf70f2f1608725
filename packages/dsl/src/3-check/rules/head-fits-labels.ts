import { unfitHead } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations, type Combination } from "../combinations.ts";
import { findFact } from "../find-fact.ts";
import { reportOnce } from "../report-once.ts";
import type { Span } from "../../text/source.ts";
import type { Rule } from "./rule.ts";

/** A head that is made for one label per image cannot learn several, and the other way round. */
export const everyHeadFitsItsLabels: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const combination of allCombinations(["dataset", "head"], subject)) {
    const { dataset, head } = combination.declarations;
    const fits = combination.constructors.head?.facts?.fits;
    const labels = findFact(combination.constructors.dataset?.facts?.labels, "dataset", combination);
    if (dataset === undefined || head === undefined || fits === undefined || labels === null) continue;
    if (labels === fits.labels) continue;
    const names = { head: head.label, op: head.op, ...fits, dataset: dataset.label, datasetLabels: labels };
    report(unfitHead(placeOfHead(combination) ?? head.span, { ...names, at: dataset.span }));
  }
};

/** The value on the sweep's axis of heads that the combination has. */
function placeOfHead({ sweep, choice }: Combination): Span | null {
  const axis = sweep.axes.findIndex(({ target }) => target.kind === "role" && target.role === "head");
  return sweep.axes[axis]?.values[choice[axis] ?? -1]?.span ?? null;
}
