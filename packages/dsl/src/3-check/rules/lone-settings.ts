import { meansNothingWithout } from "../../diagnostics/catalog-protocol.ts";
import type { Role } from "../../signature/signature.ts";
import { roles } from "../../signature/signature-index.ts";
import { allCombinations, type FoundValue } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** A setting that speaks of another one stands beside it. */
export const everySettingHasItsOther: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  const used = roles.filter((role) => subject.program.declarations.some((declaration) => declaration.role === role));
  for (const role of used) {
    for (const { constructors, declarations, valueOf } of allCombinations([role], subject)) {
      const pairs = Object.entries(constructors[role]?.facts?.onlyWith ?? {});
      for (const [param, other] of pairs) {
        const found = valueOf(role, param);
        // A protocol's switch that speaks of nothing is not made.
        if (
          found?.span == null ||
          found.source === "preset" ||
          isDefault(found) ||
          valueOf(role, other)?.value !== null
        )
          continue;
        report(meansNothingWithout(found.span, { param, other, owner: labelOf(declarations, role) }));
      }
    }
  }
};

function isDefault({ value, spec }: FoundValue): boolean {
  return value === null || ("default" in spec && spec.default === value);
}

function labelOf(declarations: Readonly<Partial<Record<Role, { readonly label: string }>>>, role: Role): string {
  return declarations[role]?.label ?? "";
}
