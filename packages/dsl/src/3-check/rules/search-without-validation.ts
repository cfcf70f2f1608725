import { noValidationSplit, refusedValidation } from "../../diagnostics/catalog-protocol.ts";
import type { Span } from "../../text/source.ts";
import { allCombinations, type Combination } from "../combinations.ts";
import type { CheckedDeclaration } from "../checked-program.ts";
import { isRefusedByShots, isEmptySplit } from "../split-facts.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/**
 * A search needs validation examples to choose by, or folds of the training split in their place; a head that is told to learn
 * from them needs them too.
 */
export const everySearchHasItsValidation: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const combination of allCombinations(["dataset", "head"], subject)) {
    const { dataset, head } = combination.declarations;
    const use = head === undefined ? null : useOfVal(head, combination);
    if (head === undefined || dataset === undefined || use === null) continue;
    const { span, param } = use;
    const names = { head: head.label, dataset: dataset.label, param };
    if (isEmptySplit("val", combination)) {
      report(noValidationSplit(span, { ...names, size: spanOf(combination, "val") }));
    } else if (isRefusedByShots(combination)) {
      report(refusedValidation(span, { ...names, setting: combination.valueOf("dataset", "shots_val")?.span }));
    }
  }
};

interface UseOfVal {
  readonly span: Span;
  /** By which a head without a search asks for val; null for a search. */
  readonly param: string | null;
}

function useOfVal(head: CheckedDeclaration, combination: Combination): UseOfVal | null {
  const { search, learnsFrom, constructors, valueOf } = combination;
  if (search !== null) return search.folds === null ? { span: search.span, param: null } : null;
  if (learnsFrom === "train") return null;
  const param = constructors.head?.joinsVal ?? "";
  return { span: valueOf("head", param)?.span ?? head.span, param };
}

function spanOf({ valueOf, constructors }: Combination, split: "val"): Span | null {
  const param = constructors.dataset?.facts?.splitSizes?.[split];
  return param === undefined ? null : (valueOf("dataset", param)?.span ?? null);
}
