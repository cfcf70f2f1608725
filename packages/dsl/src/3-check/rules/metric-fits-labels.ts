import { unfitMetric } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations, combinationsOf, type Combination } from "../combinations.ts";
import { findFact } from "../find-fact.ts";
import { reportOnce } from "../report-once.ts";
import { metricsOfTable } from "../table-cells.ts";
import type { Rule, RuleSubject } from "./rule.ts";
import type { Span } from "../../text/source.ts";

/** Some metrics are defined for one label per image alone, in a cell as in a search. */
export const everyMetricFitsItsLabels: Rule = (subject) => {
  if (!subject.isWhole) return;
  const check = createCheck(subject);
  const { program } = subject;
  for (const table of program.tables) {
    const sweeps = table.sweeps.flatMap((position) => program.sweeps[position] ?? []);
    const combinations = sweeps.flatMap((sweep) => combinationsOf(sweep, ["dataset"], subject));
    for (const { metric, span } of metricsOfTable(table)) {
      for (const combination of combinations) check(metric, span, combination);
    }
  }
  for (const combination of allCombinations(["dataset", "head"], subject)) {
    const search = combination.declarations.head?.search ?? null;
    if (search !== null) check(search.select.metric, search.select.span, combination);
  }
};

function createCheck({ context }: RuleSubject) {
  const report = reportOnce(context.report);
  return (metric: string, span: Span, combination: Combination): void => {
    const fits = context.signatures.metrics.get(metric)?.facts?.fits;
    const { dataset } = combination.declarations;
    const labels = findFact(combination.constructors.dataset?.facts?.labels, "dataset", combination);
    if (fits === undefined || dataset === undefined || labels === null || labels === fits.labels) return;
    report(
      unfitMetric(span, { name: metric, ...fits, dataset: dataset.label, datasetLabels: labels, at: dataset.span }),
    );
  };
}
