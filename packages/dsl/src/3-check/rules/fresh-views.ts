import { freshOfSeveralEpochs, freshWithoutEpochs } from "../../diagnostics/catalog-protocol.ts";
import { opsOfDeclaration, type SignatureIndex } from "../../signature/signature-index.ts";
import { allCombinations, type Combination } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/**
 * Fresh views are new in every epoch: a head that is fitted at once has none, and how many epochs the last fit of a search
 * has must not hang on what is chosen.
 */
export const freshViewsNeedEpochs: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const combination of allCombinations(["dataset", "head"], subject)) {
    const views = combination.valueOf("dataset", "views");
    const { dataset, head } = combination.declarations;
    if (views?.spec.type !== "integer" || dataset === undefined || head === undefined) continue;
    if (views.value !== views.spec.words?.["fresh"]) continue;
    const span = views.span ?? dataset.span;
    if (combination.constructors.head?.searching?.epochs === undefined) {
      report(freshWithoutEpochs(span, { head: head.label, op: head.op, at: head.span }));
      continue;
    }
    const tried = findTriedCount(combination, subject.context.signatures);
    if (tried !== null) report(freshOfSeveralEpochs(span, { head: head.label, ...tried }));
  }
};

/** The parameter of the head that says how many fresh views there are, where the head's search tries values of it. */
function findTriedCount({ constructors: { dataset }, search }: Combination, signatures: SignatureIndex) {
  if (dataset === undefined || search === null) return null;
  const specs = opsOfDeclaration(signatures, dataset).flatMap(({ params }) => Object.values(params));
  const taken = specs.map((spec) => (spec.type === "wired" ? spec.takes : undefined));
  const param = Object.keys(search.over).find((name) => taken.includes(`head.${name}`));
  return param === undefined ? null : { param, search: search.span };
}
