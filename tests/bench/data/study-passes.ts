import { nih } from "./nih-folder.ts";

/** The linear probe of the DINOv2 radiology study (Baharoon et al., 2023) on NIH ChestX-ray14, as its code splits and runs it. */
export const study = {
  train: 76_522,
  val: 10_002,
  test: nih.testImages,
  searchEpochs: 50,
  finalEpochs: 100,
  /** Epochs from one evaluation to the next; the last one is among them. */
  evaluatedEvery: 5,
  batch: 128,
} as const;

/** How often an image passes the backbone where features are not kept: at every step, and at every evaluation. */
export function studyPasses(): { readonly search: number; readonly final: number; readonly evaluation: number } {
  const { train, val, test, searchEpochs, finalEpochs, evaluatedEvery } = study;
  return {
    search: searchEpochs * train,
    final: finalEpochs * (train + val),
    evaluation: (searchEpochs / evaluatedEvery) * val + (finalEpochs / evaluatedEvery) * test,
  };
}

/** Steps of the search over the training split, and of the last fit over that and the validation split. */
export function studySteps(): { readonly search: number; readonly final: number } {
  const { train, val, searchEpochs, finalEpochs, batch } = study;
  return {
    search: searchEpochs * Math.ceil(train / batch),
    final: finalEpochs * Math.ceil((train + val) / batch),
  };
}
