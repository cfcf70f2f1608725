import type { CheckedDataset } from "./check-datasets.ts";

/** Everything that was found, in full; no patient is named. */
export function checkedJson(checked: readonly CheckedDataset[]): string {
  const datasets = checked.map(({ dataset: { name, op, origin, leakRules }, outcome, isFine }) => ({
    ...{ name, op, origin: { file: origin.file, line: origin.line }, isFine, leakRules },
    failure: "failure" in outcome ? outcome.failure : null,
    ...("inspection" in outcome ? outcome.inspection : {}),
  }));
  return `${JSON.stringify({ version: 1, datasets })}\n`;
}
