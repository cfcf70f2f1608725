import { otherThanPublished } from "../../diagnostics/catalog-protocol.ts";
import { canonicalJson } from "../../text/canonical-json.ts";
import { allCombinations } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/**
 * A backbone expects images as it was trained on them. Other values give other features, without any sign of it; where an
 * axis compares several, the table shows them.
 */
export const everyBackboneHasItsNormalisation: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const { declarations, constructors, valueOf } of allCombinations(["backbone"], subject)) {
    const { backbone } = declarations;
    for (const param of constructors.backbone?.facts?.published ?? []) {
      const found = valueOf("backbone", param);
      if (backbone === undefined || found?.span == null) continue;
      if (found.source === "axis" || found.source === "preset") continue;
      const own = "default" in found.spec ? found.spec.default : undefined;
      if (own === undefined || canonicalJson(own) === canonicalJson(found.value)) continue;
      report(otherThanPublished(found.span, { param, backbone: backbone.label, own: shown(own) }));
    }
  }
};

function shown(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}
