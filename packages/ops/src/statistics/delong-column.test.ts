import { expect, it } from "vitest";
import type { Predictions } from "../artifacts/predictions.ts";
import { auroc } from "../metrics/auroc.ts";
import { prepareMetric } from "../metrics/prepare-metric.ts";
import { placeClass } from "./delong-column.ts";

const chances = [0.1, 0.4, 0.35, 0.8, 0.7];
const predictions: Predictions = {
  problem: "binary",
  classNames: ["healthy", "ill"],
  ids: chances.map((_, row) => `image ${String(row)}`),
  groups: chances.map(() => null),
  labels: { width: 1, values: Int32Array.of(0, 0, 1, 1, 0) },
  scores: Float64Array.from(chances.flatMap((chance) => [1 - chance, chance])),
  unusable: null,
  notes: [],
};

it.each([null, "macro", "weighted"])("places the very AUROC that is in the table of two classes: %s", (average) => {
  const { value } = prepareMetric(auroc, predictions, { average }).measurement;
  expect(value).toBeCloseTo(4 / 6, 12);
  expect(placeClass(predictions, { metric: "auroc", settings: { average } })?.auroc).toBeCloseTo(value ?? 0, 12);
});

it("refuses the pooled flags of two classes, whose AUROC is another", () => {
  const settings = { average: "micro" };
  expect(prepareMetric(auroc, predictions, settings).measurement.value).not.toBeCloseTo(4 / 6, 3);
  expect(() => placeClass(predictions, { metric: "auroc", settings })).toThrow("this auroc is one over 2 classes");
  expect(placeClass(predictions, { metric: "auroc", settings: { ...settings, class: "ill" } })).not.toBeNull();
});
