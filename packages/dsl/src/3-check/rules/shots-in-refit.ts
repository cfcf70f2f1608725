import { shotsBesideVal, shotsInRefit } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import { findSearchField } from "../search-field.ts";
import type { Rule } from "./rule.ts";

/**
 * A few-shot fit sees so many images per class and no more: a refit on `train + val` would add the whole validation split.
 * A data set that declares `shots_refit_val: true` means it.
 */
export const noValidationInFewShotFits: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const { declarations, constructors, search, learnsFrom, valueOf } of allCombinations(
    ["dataset", "head"],
    subject,
  )) {
    const { head } = declarations;
    const shots = valueOf("dataset", "shots");
    const isMeant = valueOf("dataset", "shots_refit_val")?.value === true;
    if (head === undefined || shots?.value == null || isMeant || learnsFrom !== "train+val") continue;
    const names = { head: head.label, shots: shots.span };
    if (search === null) {
      const param = constructors.head?.joinsVal ?? "";
      report(shotsBesideVal(valueOf("head", param)?.span ?? head.span, { ...names, param }));
      continue;
    }
    const written = search.refit === null ? null : findSearchField(head, "refit", subject.context);
    report(shotsInRefit(written ?? search.span, { ...names, isDefault: search.refit === null }));
  }
};
