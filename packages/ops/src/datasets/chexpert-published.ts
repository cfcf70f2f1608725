import { competitionClasses } from "./chexpert-labels.ts";
import type { PublishedCounts, PublishedNumbers } from "./published-counts.ts";

export interface ChexpertReading {
  readonly uncertain: "zeros" | "ones" | "ignore" | "class";
  readonly projections: "frontal" | "all";
  readonly classes: readonly string[];
}

/**
 * What CheXpert's train.csv and valid.csv hold, and how many images of its test split there are (CheXlocalize). Test labels are
 * published by study, so that no image's are counted.
 */
export function publishedChexpert({ uncertain, projections, classes }: ChexpertReading): PublishedCounts {
  const isFrontal = projections === "frontal";
  const positivesOf = (name: string): PublishedNumbers => {
    const [all, frontal] = labels[name]!;
    const [positive, unsure, val] = isFrontal ? frontal : all;
    return { train: uncertain === "ones" ? positive + unsure : positive, val };
  };
  const hasClass = uncertain === "class";
  const isCompetition = classes.join() === competitionClasses.join();
  return {
    name: "CheXpert",
    source: "CheXpert's own lists",
    images: isFrontal ? { train: 191_027, val: 202, test: 518 } : { train: 223_414, val: 234, test: 668 },
    classes: classes.length + (hasClass ? 1 : 0),
    patients: isFrontal ? { train: 64_534, val: 200 } : { train: 64_540, val: 200, test: 500 },
    positives: {
      ...Object.fromEntries(classes.map((name) => [name, positivesOf(name)])),
      ...(hasClass && isCompetition && isFrontal && { Uncertain: { train: 55_533, val: 0 } }),
    },
    apart: ["test"],
  };
}

/** Images that have the class in training, that may have it, and that have it in validation. */
type Counts = readonly [positive: number, uncertain: number, val: number];

/** Of all views, and of the frontal ones. */
const labels: Readonly<Record<string, readonly [all: Counts, frontal: Counts]>> = {
  "No Finding": [
    [22_381, 0, 38],
    [16_974, 0, 26],
  ],
  "Enlarged Cardiomediastinum": [
    [10_798, 12_403, 109],
    [9187, 10_286, 105],
  ],
  Cardiomegaly: [
    [27_000, 8087, 68],
    [23_385, 6707, 66],
  ],
  "Lung Opacity": [
    [105_581, 5598, 126],
    [94_211, 4431, 117],
  ],
  "Lung Lesion": [
    [9186, 1488, 1],
    [7040, 1108, 1],
  ],
  Edema: [
    [52_246, 12_984, 45],
    [49_675, 11_818, 42],
  ],
  Consolidation: [
    [14_783, 27_742, 33],
    [12_983, 24_381, 32],
  ],
  Pneumonia: [
    [6039, 18_770, 8],
    [4675, 15_981, 8],
  ],
  Atelectasis: [
    [33_376, 33_739, 80],
    [29_720, 29_863, 75],
  ],
  Pneumothorax: [
    [19_448, 3145, 8],
    [17_693, 2708, 7],
  ],
  "Pleural Effusion": [
    [86_187, 11_628, 67],
    [76_899, 9578, 64],
  ],
  "Pleural Other": [
    [3523, 2653, 1],
    [2505, 1812, 1],
  ],
  Fracture: [
    [9040, 642, 0],
    [7436, 499, 0],
  ],
  "Support Devices": [
    [116_001, 1079, 107],
    [107_170, 915, 99],
  ],
};
