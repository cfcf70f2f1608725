import type { CheckedProgram } from "../3-check/checked-program.ts";
import type { ParamValue, Role } from "../signature/signature.ts";
import { defaultOf } from "./op-params.ts";
import type { Trial } from "./trials.ts";

/**
 * The value that a trial gives a parameter of one of its roles (`head.epochs`): what an axis, `where` or a search sets, else what
 * the declaration writes, else the constructor's default. Null where the constructor has no such parameter.
 */
export function valueInTrial(trial: Trial, name: string, program: CheckedProgram): ParamValue {
  const [role, param] = name.split(".") as [Role, string];
  const set = trial.settings.get(name);
  if (set !== undefined) return set.value;
  const settings = program.declarations[trial.declarations[role] ?? -1]?.settings ?? {};
  if (Object.hasOwn(settings, param)) return settings[param]?.value ?? null;
  const signature = trial.wiring.wiring.constructors[role];
  return (signature === undefined ? null : defaultOf(signature, param)) ?? null;
}
