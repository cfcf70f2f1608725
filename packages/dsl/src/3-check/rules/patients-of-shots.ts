import { noPatients } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations } from "../combinations.ts";
import { findFact } from "../find-fact.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** Shots can be counted in patients only where the data set says whose an image is. */
export const shotsOfKnownPatients: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const combination of allCombinations(["dataset"], subject)) {
    const { declarations, constructors, valueOf } = combination;
    const { dataset } = declarations;
    const unit = valueOf("dataset", "shots_of");
    if (dataset === undefined || unit?.value !== "patients" || valueOf("dataset", "shots")?.value == null) continue;
    const { patients } = constructors.dataset?.facts ?? {};
    if (findFact(patients, "dataset", combination) !== false) continue;
    // The parameter that would name them, where there is one.
    const param = Object.keys(patients?.find(({ is }) => !is)?.where ?? {})[0] ?? null;
    report(noPatients(unit.span ?? dataset.span, { dataset: dataset.label, op: dataset.op, param }));
  }
};
