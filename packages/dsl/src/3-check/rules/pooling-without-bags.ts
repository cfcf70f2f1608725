import { poolingWithoutBags } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations, type FoundValue } from "../combinations.ts";
import { findFact } from "../find-fact.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** Pooling is over the images of a bag: it means nothing where none of the data sets that a head meets has bags. */
export const poolingNeedsBags: Rule = (subject) => {
  if (!subject.isWhole) return;
  const written = new Map<string, { readonly pooling: FoundValue; readonly head: string; isOfUse: boolean }>();
  for (const combination of allCombinations(["dataset", "head"], subject)) {
    const pooling = combination.valueOf("head", "pooling");
    const { dataset, head } = combination.declarations;
    if (pooling?.span == null || pooling.value === null || dataset === undefined || head === undefined) continue;
    const key = `${pooling.span.path}:${pooling.span.start}`;
    const place = written.get(key) ?? { pooling, head: head.label, isOfUse: false };
    const bags = findFact(combination.constructors.dataset?.facts?.bags, "dataset", combination);
    place.isOfUse ||= bags !== false;
    written.set(key, place);
  }
  const report = reportOnce(subject.context.report);
  for (const { pooling, head, isOfUse } of written.values()) {
    if (!isOfUse && pooling.span !== null) report(poolingWithoutBags(pooling.span, head));
  }
};
