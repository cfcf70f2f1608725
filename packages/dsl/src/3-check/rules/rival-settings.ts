import { oneOfTwo } from "../../diagnostics/catalog-protocol.ts";
import { reportOnce } from "../report-once.ts";
import { pairedSettings } from "../paired-settings.ts";
import type { Rule } from "./rule.ts";

/** Two settings that say the same in two ways: nobody could tell which one counts. */
export const noSettingHasARival: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const { param, other, found, paired, owner } of pairedSettings(subject, "notWith")) {
    if (found.span === null || found.value === null || paired?.value == null) continue;
    report(oneOfTwo(found.span, { param, other, owner, set: paired.span }));
  }
};
