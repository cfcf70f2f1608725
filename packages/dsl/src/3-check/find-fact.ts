import type { Fact, FactCondition, ParamValue, Role } from "../signature/signature.ts";
import type { Combination } from "./combinations.ts";

/** What holds of the role's constructor with the parameters that the combination gives it; null where it is not known. */
export function findFact<Value>(
  facts: readonly Fact<Value>[] | undefined,
  role: Role,
  { valueOf }: Combination,
): Value | null {
  const found = facts?.find(({ where = {} }) =>
    Object.entries(where).every(([param, condition]) => meets(valueOf(role, param)?.value ?? null, condition)),
  );
  return found === undefined ? null : found.is;
}

function meets(value: ParamValue, condition: FactCondition): boolean {
  if (condition === "set") return value !== null;
  if (condition === "unset") return value === null;
  return condition.some((wanted) => wanted === value);
}
