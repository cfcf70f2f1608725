import { leaksWithoutReason } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** Who allows a leak says why: the reason stands under the table. */
export const everyAllowedLeakHasItsReason: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const { declarations, valueOf } of allCombinations(["dataset"], subject)) {
    const [leaks, reason] = [valueOf("dataset", "leaks"), valueOf("dataset", "leaks_reason")];
    const { dataset } = declarations;
    if (dataset === undefined || leaks === null || reason === null) continue;
    const hasReason = typeof reason.value === "string" && reason.value.trim() !== "";
    if (leaks.value === "allow" && !hasReason) report(leaksWithoutReason(leaks.span ?? dataset.span, dataset.label));
  }
};
