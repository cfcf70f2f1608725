/** The diagnostics that say that something is not there: a name, a value, a use. */
export const absenceCodes: ReadonlySet<string> = new Set([
  ...["E100", "E113", "E117", "E120", "E125"],
  ...["E160", "E161", "E164", "E165", "E166", "E173"],
  ...["E181", "E182", "E184", "W100"],
]);
