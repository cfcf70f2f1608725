import { foldsOfOneShot } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations } from "../combinations.ts";
import { findFact } from "../find-fact.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** With one image per class, the fold that holds it leaves none to learn the class from. */
export const foldsNeedTwoShots: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const combination of allCombinations(["dataset", "head"], subject)) {
    const { constructors, declarations, valueOf } = combination;
    const search = declarations.head?.search ?? null;
    const shots = valueOf("dataset", "shots");
    if (search?.folds == null || shots?.value !== 1) continue;
    // With several labels per image, an image of another class may show the class too; with several per patient likewise.
    const isSingle = findFact(constructors.dataset?.facts?.labels, "dataset", combination) !== "multi-label";
    if (!isSingle || valueOf("dataset", "shots_of")?.value === "patients") continue;
    report(foldsOfOneShot(search.span, { folds: search.folds, shots: shots.span }));
  }
};
