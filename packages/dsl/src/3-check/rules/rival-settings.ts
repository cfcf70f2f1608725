import { oneOfTwo } from "../../diagnostics/catalog-protocol.ts";
import { roles } from "../../signature/signature-index.ts";
import { allCombinations } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** Two settings that say the same in two ways: nobody could tell which one counts. */
export const noSettingHasARival: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  const used = roles.filter((role) => subject.program.declarations.some((declaration) => declaration.role === role));
  for (const role of used) {
    for (const { constructors, declarations, valueOf } of allCombinations([role], subject)) {
      for (const [param, other] of Object.entries(constructors[role]?.facts?.notWith ?? {})) {
        const [found, rival] = [valueOf(role, param), valueOf(role, other)];
        if (found?.span == null || found.value === null || rival?.value == null) continue;
        const owner = declarations[role]?.label ?? "";
        report(oneOfTwo(found.span, { param, other, owner, set: rival.span }));
      }
    }
  }
};
