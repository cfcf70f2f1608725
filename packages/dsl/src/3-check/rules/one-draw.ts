import { oneDraw } from "../../diagnostics/catalog-protocol.ts";
import { allCombinations } from "../combinations.ts";
import { reportOnce } from "../report-once.ts";
import type { Rule } from "./rule.ts";

/** With few shots, which images are drawn matters more than most of what a table compares. */
export const fewShotsAreDrawnOften: Rule = (subject) => {
  if (!subject.isWhole) return;
  const report = reportOnce(subject.context.report);
  for (const { sweep, valueOf } of allCombinations(["dataset"], subject)) {
    const [shots, draw] = [valueOf("dataset", "shots"), valueOf("dataset", "draw")];
    if (shots?.value == null || draw?.span == null || draw.spec.type !== "seed") continue;
    // The first images in order are the same whatever the draw.
    if (valueOf("dataset", "draw_order")?.value === "first") continue;
    const { repeats = 1 } = draw.spec;
    const axis = draw.source === "axis" ? sweep.axes.find(({ name }) => name === "dataset.draw") : undefined;
    const draws = axis?.values.length ?? 1;
    if (draws > 1 || repeats < 2) continue;
    report(oneDraw(draw.span, { draws: repeats, shots: shots.span }));
  }
};
