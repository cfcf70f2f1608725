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
      const [value, unit] = [valueOf("backbone", param), valueOf("backbone", of)];
      if (typeof value?.value !== "number" || typeof unit?.value !== "number" || backbone === undefined) continue;
      if (value.value % unit.value === 0) continue;
      const span = value.span ?? unit.span ?? backbone.span;
      report(noMultiple(span, { param, value: value.value, of, unit: unit.value, backbone: backbone.label }));
    }
  }
};
