import { viewsOfFiles } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** Features that come from a file are of the images as they are: nobody computed those of a view. */
export const viewsNeedANetwork: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const { declarations, constructors, valueOf } of allCombinations(["dataset", "backbone"], subject)) {
    const views = valueOf("dataset", "views");
    const { dataset, backbone } = declarations;
    if (dataset === undefined || backbone === undefined || views?.value == null || views.value === 0) continue;
    if (constructors.backbone?.facts?.ofFiles !== true) continue;
    report(viewsOfFiles(views.span ?? dataset.span, { backbone: backbone.label, at: backbone.span }));
  }
};
