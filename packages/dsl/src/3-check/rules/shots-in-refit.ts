import { shotsInRefit } from "../../diagnostics/catalog-protocol.ts";
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
  for (const combination of allCombinations(["dataset", "head"], subject)) {
    const { head } = combination.declarations;
    const shots = combination.valueOf("dataset", "shots");
    const isMeant = combination.valueOf("dataset", "shots_refit_val")?.value === true;
    const search = head?.search ?? null;
    if (head === undefined || search === null || shots?.value == null || isMeant) continue;
    const usual = combination.preset?.refitOfShots ?? (search.folds === null ? "train+val" : "train");
    if ((search.refit ?? usual) !== "train+val") continue;
    const written = search.refit === null ? null : findSearchField(head, "refit", subject.context);
    report(
      shotsInRefit(written ?? search.span, { head: head.label, isDefault: search.refit === null, shots: shots.span }),
    );
  }
};
