import type { Span } from "../text/source.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { makeDiagnostic } from "./make-diagnostic.ts";
import { listWords } from "./wording.ts";

// What makes the numbers of a program wrong (E400 to E449) or has to be known of them (W400 to W449) though every word is right.

export const shotsInRefit = (
  span: Span,
  search: { head: string; isDefault: boolean; shots: Span | null },
): Diagnostic =>
  makeDiagnostic("E400", {
    span,
    message: `\`${search.head}\` would be refitted on \`train + val\`${search.isDefault ? " (what a search does unless it says otherwise)" : ""}: few-shot training with the whole validation split in it`,
    hint: "write `refit: train` in its search",
    related: related(search.shots, "the shots are set here"),
  });

/** The same of a head without a search. */
export const shotsBesideVal = (span: Span, fit: { head: string; param: string; shots: Span | null }): Diagnostic =>
  makeDiagnostic("E400", {
    span,
    message: `\`${fit.head}\` would learn from \`train + val\` (\`${fit.param}: true\`): few-shot training with the whole validation split in it`,
    hint: `leave \`${fit.param}\` out, or write \`${fit.param}: false\``,
    related: related(fit.shots, "the shots are set here"),
  });

/** `param`: by which a head without a search learns from val; null where a search chooses on it. */
export const noValidationSplit = (
  span: Span,
  use: { head: string; dataset: string; param: string | null; size: Span | null },
): Diagnostic =>
  makeDiagnostic("E401", {
    span,
    message: `\`${use.head}\` ${use.param === null ? "chooses on" : "learns from"} the split val, of which \`${use.dataset}\` has no example`,
    hint:
      use.param === null
        ? "give the data set a val split, or choose by folds of the training split: `folds: 5`"
        : `give the data set a val split, or write \`${use.param}: false\``,
    related: related(use.size, "the split is empty here"),
  });

/** `param` as above. */
export const refusedValidation = (
  span: Span,
  use: { head: string; dataset: string; param: string | null; setting: Span | null | undefined },
): Diagnostic =>
  makeDiagnostic("E402", {
    span,
    message: `\`${use.head}\` ${use.param === null ? "chooses on" : "learns from"} the split val, which few-shot training of \`${use.dataset}\` does without (\`shots_val: none\`)`,
    hint:
      use.param === null
        ? "write `shots_val: matched` in the data set, choose by `folds: 5`, or write the head's parameters instead of searching"
        : `write \`shots_val: matched\` in the data set, or \`${use.param}: false\``,
    related: related(use.setting ?? null, "val is refused here"),
  });

export const emptySplitScored = (span: Span, cell: { split: string; dataset: string }): Diagnostic =>
  makeDiagnostic("E403", {
    span,
    message: `there is nothing to score: \`${cell.dataset}\` has no example of the split ${cell.split}`,
    hint: `give the data set a ${cell.split} split, or score another one`,
  });

export const scoredWithoutValidation = (span: Span, dataset: string): Diagnostic =>
  makeDiagnostic("E404", {
    span,
    message: `this scores the split val, which few-shot training of \`${dataset}\` does without (\`shots_val: none\`)`,
    hint: "score test, or write `shots_val: matched` in the data set",
  });

export const unfitMetric = (
  span: Span,
  metric: { name: string; labels: string; instead?: string; dataset: string; datasetLabels: string; at: Span },
): Diagnostic =>
  makeDiagnostic("E405", {
    span,
    message: `\`${metric.name}\` is a metric of ${labelWords(metric.labels)}, and \`${metric.dataset}\` has ${labelWords(metric.datasetLabels)}`,
    hint: metric.instead === undefined ? "use e.g. `auroc` or `f1`" : `use \`${metric.instead}\``,
    related: related(metric.at, "the data set is declared here"),
  });

export const unfitHead = (
  span: Span,
  names: {
    head: string;
    op: string;
    labels: string;
    instead?: string;
    dataset: string;
    datasetLabels: string;
    at: Span;
  },
): Diagnostic =>
  makeDiagnostic("E406", {
    span,
    message: `${headWords(names)} is for ${labelWords(names.labels)}, and \`${names.dataset}\` has ${labelWords(names.datasetLabels)}`,
    hint:
      names.instead === undefined
        ? "use another head, or leave these trials out by `except { ... }`"
        : `use \`${names.instead}\`, which suits itself to the labels, or leave these trials out by \`except { ... }\``,
    related: related(names.at, "the data set is declared here"),
  });

export const missingParts = (
  span: Span,
  wanted: {
    head: string;
    backbone: string;
    op: string;
    missing: readonly string[];
    known: readonly string[];
    at: Span;
  },
): Diagnostic =>
  makeDiagnostic("E407", {
    span,
    message: `\`${wanted.head}\` asks for ${listWords(wanted.missing, "and")}, and the features of \`${wanted.backbone}\` (\`${wanted.op}\`) have ${listWords(wanted.known, "or")} at most`,
    hint: "ask for what the backbone has, or leave these trials out by `except { ... }`",
    related: related(wanted.at, "the backbone is declared here"),
  });

export const noMultiple = (
  span: Span,
  size: { param: string; value: number; of: string | null; unit: number; backbone: string },
): Diagnostic => {
  const below = Math.floor(size.value / size.unit) * size.unit;
  const near = [...(below > 0 ? [below] : []), below + size.unit].map(String);
  return makeDiagnostic("E408", {
    span,
    message: `\`${size.backbone}\` has \`${size.param}: ${size.value}\`, which is no multiple of ${size.of === null ? `${size.unit}, as its patches need` : `its \`${size.of}: ${size.unit}\``}`,
    hint: `write \`${size.param}\` ${listWords(near, "or")}`,
  });
};

export const scoredOnViews = (span: Span, metric: string, views: Span | null): Diagnostic =>
  makeDiagnostic("E409", {
    span,
    message: `\`train.${metric}\` would score augmented views: views serve fits, never scores`,
    hint: `write \`test.${metric}\`, or \`views: none\` in the data set`,
    related: related(views, "the views are asked for here"),
  });

export const noPatients = (span: Span, unit: { dataset: string; op: string; param: string | null }): Diagnostic =>
  makeDiagnostic("E410", {
    span,
    message: `shots are counted in patients, and \`${unit.dataset}\` (\`${unit.op}\`) does not say whose an image is`,
    hint:
      unit.param === null
        ? "write `shots_of: images`"
        : `name the column of patients by \`${unit.param}\`, or write \`shots_of: images\``,
  });

export const leaksWithoutReason = (span: Span, dataset: string): Diagnostic =>
  makeDiagnostic("E411", {
    span,
    message: `\`${dataset}\` allows leaks without a reason`,
    hint: 'write `leaks_reason: "..."`: it stands under every table; or `leaks: drop`',
  });

export const freshWithoutEpochs = (span: Span, views: { head: string; op: string; at: Span }): Diagnostic =>
  makeDiagnostic("E413", {
    span,
    message: `fresh views are new in every epoch, and ${headWords(views)} is not trained in epochs`,
    hint: "write a number of stored views, e.g. `views: 4`, or use a head such as `linear`",
    related: related(views.at, "the head is declared here"),
  });

export const sidedFlip = (span: Span, flip: { classes: readonly string[]; dataset: string }): Diagnostic =>
  makeDiagnostic("E414", {
    span,
    message: `a horizontal flip turns left into right, and \`${flip.dataset}\` has sided classes without a pair (${listWords(flip.classes.slice(0, 4), "and")})`,
    hint: "say by `mirror_pairs` which classes it swaps, or leave `horizontal_flip` out of `view_ops`",
  });

/** `isWhole`: no cell of the table is marked rightly. */
export const worstMarked = (
  span: Span,
  best: { want: "max" | "min"; per: string; better: "higher" | "lower"; cell: string; isWhole: boolean },
): Diagnostic => {
  const right = `best: ${best.want === "max" ? "min" : "max"} per ${best.per}`;
  return makeDiagnostic("E415", {
    span,
    message: `\`best: ${best.want}\` marks the worst: ${best.better} is better in \`${best.cell}\``,
    hint: best.isWhole ? `write \`${right}\`` : `put \`${best.cell}\` into a table of its own with \`${right}\``,
  });
};

export const meansNothingWithout = (span: Span, names: { param: string; other: string; owner: string }): Diagnostic =>
  makeDiagnostic("E416", {
    span,
    message: `\`${names.param}\` speaks of \`${names.other}\`, which \`${names.owner}\` does not set`,
    hint: `leave \`${names.param}\` out, or set \`${names.other}\``,
  });

export const oneOfTwo = (
  span: Span,
  names: { param: string; other: string; owner: string; set: Span | null },
): Diagnostic =>
  makeDiagnostic("E422", {
    span,
    message: `\`${names.owner}\` sets both \`${names.param}\` and \`${names.other}\`, and only one of them can be meant`,
    hint: "leave one of them out",
    related: related(names.set, `\`${names.other}\` is set here`),
  });

export const axisOfSpeed = (span: Span, axis: string): Diagnostic =>
  makeDiagnostic("E417", {
    span,
    message: `the axis \`${axis}\` changes no number: all of its rows would be the same`,
    hint: "write one value in the declaration",
  });

export const axisChangesNothing = (span: Span, axis: { name: string; sweep: string; values: number }): Diagnostic =>
  makeDiagnostic("W408", {
    span,
    message: `the axis \`${axis.name}\` of the sweep \`${axis.sweep}\` changes nothing: its ${axis.values} values give the same numbers in every trial`,
    hint: "remove the axis, or set what would make it matter",
  });

export const foldsOfOneShot = (span: Span, search: { folds: number; shots: Span | null }): Diagnostic =>
  makeDiagnostic("E419", {
    span,
    message: `with one image per class, ${search.folds} folds leave a class without an image to learn from`,
    hint: "choose on validation (`shots_val: matched`), or write the head's parameters instead of searching",
    related: related(search.shots, "the shots are set here"),
  });

export const viewsOfFiles = (span: Span, views: { backbone: string; at: Span }): Diagnostic =>
  makeDiagnostic("E420", {
    span,
    message: `\`${views.backbone}\` has the features of the images from a file, and none of augmented views`,
    hint: "write `views: none`, or use a backbone that computes its features",
    related: related(views.at, "the backbone is declared here"),
  });

export const freshOfSeveralEpochs = (span: Span, views: { head: string; param: string; search: Span }): Diagnostic =>
  makeDiagnostic("E421", {
    span,
    message: `there are as many fresh views as \`${views.param}\` says, and \`${views.head}\` is searched over it`,
    hint: `fix \`${views.param}\` (\`checkpoint: best\` in the search chooses the best of the epochs), or write a number of stored views`,
    related: [{ span: views.search, message: "the search is here" }],
  });

export const otherThanPublished = (span: Span, names: { param: string; backbone: string; own: string }): Diagnostic =>
  makeDiagnostic("W400", {
    span,
    message: `\`${names.param}\` is not what \`${names.backbone}\` was trained with: ${names.own}`,
    hint: `leave \`${names.param}\` out, or compare the two on an axis \`backbone.${names.param}\``,
  });

export const scoredOnOwnExamples = (span: Span, metric: string): Diagnostic =>
  makeDiagnostic("W401", {
    span,
    message: `\`train.${metric}\` scores images that the head has learned from: it says what was learned by heart, not how well it does`,
    hint: `\`test.${metric}\` is the result; keep this beside it at most`,
  });

export const oneDraw = (span: Span, few: { draws: number; shots: Span | null }): Diagnostic =>
  makeDiagnostic("W402", {
    span,
    message: `one draw of the shots says little of another; without \`draw\` there are ${few.draws}`,
    hint: `leave \`draw\` out, or write \`dataset.draw: 0..${few.draws - 1}\` in the sweep`,
    related: related(few.shots, "the shots are set here"),
  });

export const poolingWithoutBags = (span: Span, head: string): Diagnostic =>
  makeDiagnostic("W403", {
    span,
    message: `none of the data sets that \`${head}\` is used with has bags, so that \`pooling\` means nothing`,
    hint: "leave `pooling` out, or name the column of bags in the data set",
  });

export const unlikeProtocols = (
  span: Span,
  rows: { table: string; name: string; values: readonly string[]; at: Span },
): Diagnostic =>
  makeDiagnostic("W404", {
    span,
    message: `rows of "${rows.table}" are compared under unlike protocols: \`${rows.name}\` is ${rows.values.join(" in some and ")} in others, and no row says so`,
    hint: `set \`${rows.name}\` for all of them, or declare it under another name, so that the rows show it`,
    related: related(rows.at, "the table is here"),
  });

export const settingWithoutMeaning = (span: Span, param: string, because: readonly string[]): Diagnostic =>
  makeDiagnostic("W405", {
    span,
    message: `\`${param}\` means nothing beside ${listWords(because, "and")}`,
    hint: "leave it out, or change what stands beside it",
  });

export const scoreOfTheChoice = (span: Span, head: string, search: Span): Diagnostic =>
  makeDiagnostic("W406", {
    span,
    message: `the table shows validation scores alone, and \`${head}\` was chosen by them: they say too much`,
    hint: "add the score on test, e.g. `test.auroc`",
    related: [{ span: search, message: "the search is here" }],
  });

function related(span: Span | null, message: string) {
  return span === null ? undefined : [{ span, message }];
}

function labelWords(labels: string): string {
  return labels === "multi-label" ? "several labels per image" : "one label per image";
}

function headWords({ head, op }: { readonly head: string; readonly op: string }): string {
  return head === op || head.startsWith(`${op} `) ? `\`${head}\`` : `\`${head}\` (\`${op}\`)`;
}
