import type { PublishedCounts } from "./published-counts.ts";

/**
 * What is published about a MedMNIST file, by its name: `pathmnist.npz`, or `pathmnist_64.npz` and the like for the larger
 * images. Null for a file of any other name.
 */
export function publishedMedmnist(fileName: string): PublishedCounts | null {
  const [, name = ""] = /^([a-z]+)(?:_(?:28|64|128|224))?\.npz$/.exec(fileName) ?? [];
  const counts = published.get(name);
  if (counts === undefined) return null;
  const [train, val, test, classes] = counts;
  return { name, source: "the MedMNIST v2 paper (Yang et al., 2023)", images: { train, val, test }, classes };
}

/** Images of train, val and test, and the number of classes (of labels, where an image may have several). */
const published: ReadonlyMap<string, readonly [train: number, val: number, test: number, classes: number]> = new Map([
  ["pathmnist", [89_996, 10_004, 7180, 9]],
  ["chestmnist", [78_468, 11_219, 22_433, 14]],
  ["dermamnist", [7007, 1003, 2005, 7]],
  ["octmnist", [97_477, 10_832, 1000, 4]],
  ["pneumoniamnist", [4708, 524, 624, 2]],
  ["retinamnist", [1080, 120, 400, 5]],
  ["breastmnist", [546, 78, 156, 2]],
  ["bloodmnist", [11_959, 1712, 3421, 8]],
  ["tissuemnist", [165_466, 23_640, 47_280, 8]],
  ["organamnist", [34_561, 6491, 17_778, 11]],
  ["organcmnist", [12_975, 2392, 8216, 11]],
  ["organsmnist", [13_932, 2452, 8827, 11]],
]);
