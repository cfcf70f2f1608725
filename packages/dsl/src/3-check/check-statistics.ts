import type { FieldNode } from "../2-ast/ast.ts";
import { severalValues } from "../diagnostics/catalog-check.ts";
import type { ParamSpec } from "../signature/signature.ts";
import type { CheckContext } from "./check-context.ts";
import { checkSetting } from "./check-setting.ts";
import { intervalMethods, type IntervalMethod, type StatisticsSpec } from "./checked-program.ts";

/** Two thousand resamples give a bound of an interval to about a tenth of its width. */
const defaults = { intervals: "bootstrap", resamples: 2000, resample_seed: 0 } as const;

const specs: Readonly<Record<keyof typeof defaults, ParamSpec>> = {
  intervals: { type: "choice", choices: intervalMethods, summary: "How intervals and tests are made." },
  resamples: { type: "integer", min: 200, max: 100_000, summary: "Bootstrap resamples." },
  resample_seed: { type: "seed", summary: "Which resamples." },
};

/** How a table's intervals and tests are made: `intervals`, `resamples`, `resample_seed`. */
export function checkStatistics(fields: ReadonlyMap<string, FieldNode>, context: CheckContext): StatisticsSpec {
  const read = (name: keyof typeof defaults): unknown => {
    const field = fields.get(name);
    const [value, ...more] = field?.values ?? [];
    if (field === undefined || value === undefined) return defaults[name];
    if (more.length > 0) context.report(severalValues(field.span, name));
    return checkSetting(value, { name, specs: [{ op: "table", spec: specs[name] }] }, context)?.value ?? defaults[name];
  };
  return {
    intervals: read("intervals") as IntervalMethod,
    resamples: read("resamples") as number,
    seed: read("resample_seed") as number,
  };
}
