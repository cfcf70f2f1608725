import type { PublishedCounts, PublishedNumbers } from "./published-counts.ts";
import { nihLabels, noFinding } from "./nih-labels.ts";
import type { NihVal } from "./nih-splits.ts";

/**
 * What NIH's lists and `Data_Entry_2017_v2020.csv` hold (112,120 images), and how many of them are in the study's two parts of
 * `train_val_list.txt` (arXiv 2312.02366: 76,522 and 10,002).
 */
export function publishedNih(val: NihVal, hasNoFinding: boolean): PublishedCounts {
  const classes = nihLabels.filter((name) => hasNoFinding || name !== noFinding);
  return {
    name: "NIH ChestX-ray14",
    source: "NIH's lists and Data_Entry_2017_v2020.csv",
    images: numbersFor(val, [76_522, 10_002, 25_596]),
    classes: classes.length,
    patients: numbersFor(val, [24_455, 3553, 2797]),
    positives: Object.fromEntries(classes.map((name) => [name, numbersFor(val, positives[name])])),
  };
}

/** Of the study's training and validation parts, and of NIH's test list. */
type Counts = readonly [train: number, val: number, test: number];

/** No patient or image is in two of them. */
function numbersFor(val: NihVal, [train, ofVal, test]: Counts): PublishedNumbers {
  const all = train + ofVal + test;
  if (val === "baharoon2023") return { train, val: ofVal, test, all };
  return val === "none" ? { train: train + ofVal, val: 0, test, all } : { test, all };
}

/** Images with the label. */
const positives: Readonly<Record<(typeof nihLabels)[number], Counts>> = {
  Atelectasis: [7185, 1095, 3279],
  Cardiomegaly: [1455, 252, 1069],
  Consolidation: [2470, 382, 1815],
  Edema: [1222, 156, 925],
  Effusion: [7443, 1216, 4658],
  Emphysema: [1220, 203, 1093],
  Fibrosis: [1179, 72, 435],
  Hernia: [121, 20, 86],
  Infiltration: [11_511, 2271, 6112],
  Mass: [3509, 525, 1748],
  "No Finding": [45_656, 4844, 9861],
  Nodule: [4063, 645, 1623],
  Pleural_Thickening: [1942, 300, 1143],
  Pneumonia: [757, 119, 555],
  Pneumothorax: [2215, 422, 2665],
};
