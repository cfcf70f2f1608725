import { meansNothingWithout } from "../../diagnostics/catalog-protocol.ts";
import type { FoundValue } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import { pairedSettings } from "../paired-settings.ts";
import type { Rule } from "./rule.ts";

/** A setting that speaks of another one stands beside it. */
export const everySettingHasItsOther: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const { param, other, found, paired, owner } of pairedSettings(subject, "onlyWith")) {
    // A protocol's switch that speaks of nothing is not made.
    if (found.span === null || found.source === "preset" || isDefault(found) || paired?.value !== null) continue;
    report(meansNothingWithout(found.span, { param, other, owner }));
  }
};

function isDefault({ value, spec }: FoundValue): boolean {
  return value === null || ("default" in spec && spec.default === value);
}
