import { checkChanges, type ChangeReport } from "../../mutations/check-changes.ts";
import { judge, type Figure, type FigureGroup } from "../figure.ts";

const seed = 20_261_124;

/** What a plan takes from the store after a change, held against what was changed. */
export const changeFigures: FigureGroup = {
  name: "store",
  measure: async ({ changes, say }) => {
    say(`store: ${String(changes)} changes of meaning, and as many of writing alone`);
    const report = await checkChanges({ changes, seed, say });
    for (const finding of report.findings) say(finding);
    return toFigures(report, changes);
  },
};

function toFigures({ scores, wrongHits, extraMisses }: ChangeReport, changes: number): readonly Figure[] {
  const how = `${String(changes)} changes of meaning of random programs (seed ${String(seed)}), and as many of writing alone: ${String(scores)} scores held against the rules of the language`;
  return [
    judge({ figure: "store.mutations.wrong_hits", value: wrongHits, unit: "scores", baseline: how }, { exactly: 0 }),
    judge(
      { figure: "store.mutations.extra_misses", value: extraMisses, unit: "scores", baseline: how },
      { exactly: 0 },
    ),
  ];
}
