import { roles } from "../signature/signature-index.ts";
import { allCombinations, type FoundValue } from "./combinations.ts";
import type { Rule } from "./rules/rule.ts";

/** A setting, and the other one that its constructor's facts pair it with. */
export interface PairedSetting {
  readonly param: string;
  readonly other: string;
  readonly found: FoundValue;
  readonly paired: FoundValue | null;
  /** What the program calls the declaration that has them. */
  readonly owner: string;
}

/** Every such pair, in each combination of declarations. */
export function* pairedSettings(subject: Parameters<Rule>[0], fact: "onlyWith" | "notWith"): Generator<PairedSetting> {
  const used = roles.filter((role) => subject.program.declarations.some((declaration) => declaration.role === role));
  for (const role of used) {
    for (const { constructors, declarations, valueOf } of allCombinations([role], subject)) {
      for (const [param, other] of Object.entries(constructors[role]?.facts?.[fact] ?? {})) {
        const found = valueOf(role, param);
        if (found === null) continue;
        yield { param, other, found, paired: valueOf(role, other), owner: declarations[role]?.label ?? "" };
      }
    }
  }
}
