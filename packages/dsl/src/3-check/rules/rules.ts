import { noAxisOfSpeed } from "./axis-of-speed.ts";
import { delongIsOfAuroc } from "./delong-of-auroc.ts";
import { everyFileHasItsEdition } from "./edition.ts";
import { noScoreOnNothing } from "./empty-split.ts";
import { foldsNeedTwoShots } from "./folds-of-one-shot.ts";
import { freshViewsNeedEpochs } from "./fresh-views.ts";
import { everyHeadFitsItsLabels } from "./head-fits-labels.ts";
import { noAxisIsHidden } from "./hidden-axes.ts";
import { everySettingMeansSomething } from "./idle-settings.ts";
import { everyAllowedLeakHasItsReason } from "./leaks-reason.ts";
import { everySettingHasItsOther } from "./lone-settings.ts";
import { everyMetricFitsItsLabels } from "./metric-fits-labels.ts";
import { fewShotsAreDrawnOften } from "./one-draw.ts";
import { everyBackboneHasItsNormalisation } from "./own-normalisation.ts";
import { everyPartIsThere } from "./parts-of-backbone.ts";
import { shotsOfKnownPatients } from "./patients-of-shots.ts";
import { poolingNeedsBags } from "./pooling-without-bags.ts";
import { noSettingHasARival } from "./rival-settings.ts";
import type { Rule } from "./rule.ts";
import { noTableOfChoices } from "./scores-of-the-choice.ts";
import { everySearchHasItsValidation } from "./search-without-validation.ts";
import { noValidationInFewShotFits } from "./shots-in-refit.ts";
import { flipsSwapSidedClasses } from "./sided-flips.ts";
import { noScoreOnOwnExamples } from "./train-cells.ts";
import { rowsHaveOneProtocol } from "./unlike-protocols.ts";
import { noMeaningYet } from "./unsupported-declarations.ts";
import { everyDeclarationIsUsed } from "./unused-declarations.ts";
import { viewsNeedANetwork } from "./views-of-files.ts";
import { everyImageIsWholePatches } from "./whole-patches.ts";
import { bestIsNotTheWorst } from "./worst-marked.ts";

/** Every rule, one per file of this folder. */
export const rules: readonly Rule[] = [
  everyFileHasItsEdition,
  noMeaningYet,
  noValidationInFewShotFits,
  everySearchHasItsValidation,
  foldsNeedTwoShots,
  noScoreOnNothing,
  noScoreOnOwnExamples,
  noTableOfChoices,
  everyMetricFitsItsLabels,
  everyHeadFitsItsLabels,
  everyPartIsThere,
  everyImageIsWholePatches,
  everyBackboneHasItsNormalisation,
  shotsOfKnownPatients,
  fewShotsAreDrawnOften,
  everyAllowedLeakHasItsReason,
  freshViewsNeedEpochs,
  viewsNeedANetwork,
  flipsSwapSidedClasses,
  poolingNeedsBags,
  everySettingHasItsOther,
  noSettingHasARival,
  everySettingMeansSomething,
  noAxisOfSpeed,
  rowsHaveOneProtocol,
  bestIsNotTheWorst,
  delongIsOfAuroc,
  noAxisIsHidden,
  everyDeclarationIsUsed,
];
