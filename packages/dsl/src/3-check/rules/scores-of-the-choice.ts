import { scoreOfTheChoice } from "../../diagnostics/catalog-protocol.ts";
import { combinationsOf, type Combination } from "../combinations.ts";
import { metricsOfTable } from "../table-cells.ts";
import type { Rule } from "./rule.ts";

/** What a search chose by is no result: a table of validation scores alone shows the luckiest of its points. */
export const noTableOfChoices: Rule = (subject) => {
  if (!subject.isWhole) return;
  const { program, context } = subject;
  for (const table of program.tables) {
    const cells = metricsOfTable(table);
    const [first] = cells;
    if (first === undefined || cells.some(({ split }) => split !== "val")) continue;
    const sweeps = table.sweeps.flatMap((position) => program.sweeps[position] ?? []);
    const combinations = sweeps.flatMap((sweep) => combinationsOf(sweep, ["dataset", "head"], subject));
    const { head } = combinations.find(isScoredByItsChoice)?.declarations ?? {};
    if (head?.search == null) continue;
    context.report(scoreOfTheChoice(first.span, head.label, head.search.span));
  }
};

/** After a refit on validation too, such a score is an error, told elsewhere. */
function isScoredByItsChoice({ search, learnsFrom }: Combination): boolean {
  return search?.folds === null && learnsFrom === "train";
}
