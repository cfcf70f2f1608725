import { noMultiple } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** An image is cut into whole patches: its side is a multiple of theirs. */
export const everyImageIsWholePatches: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const { declarations, constructors, valueOf } of allCombinations(["backbone"], subject)) {
    const { backbone } = declarations;
    for (const [param, of] of Object.entries(constructors.backbone?.facts?.multiples ?? {})) {
      const value = valueOf("backbone", param);
      const named = typeof of === "string" ? valueOf("backbone", of) : undefined;
      const unit = typeof of === "string" ? named?.value : of;
      if (typeof value?.value !== "number" || typeof unit !== "number" || backbone === undefined) continue;
      if (value.value % unit === 0) continue;
      const span = value.span ?? named?.span ?? backbone.span;
      const by = typeof of === "string" ? of : null;
      report(noMultiple(span, { param, value: value.value, of: by, unit, backbone: backbone.label }));
    }
  }
};
