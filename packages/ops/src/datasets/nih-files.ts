import { posix } from "node:path";
import { OpError } from "../op-error.ts";
import { nihImageName } from "./nih-labels.ts";
import { placeIn } from "./folder-entries.ts";
import { describeRoot, walkFolders, type WalkedFolder } from "./walk-folders.ts";

/** NIH ChestX-ray14 as it lies here. */
export interface NihFiles {
  /** Every image's place relative to where images were looked for, by its name. */
  readonly images: ReadonlyMap<string, string>;
  /** Relative to the root; null where the program names the file. */
  readonly labels: string | null;
  readonly trainVal: string;
  readonly test: string;
}

export interface NihPlaces {
  readonly root: string;
  /** Where images lie, if not below the root. */
  readonly images: string | null;
  readonly hasLabels: boolean;
}

/** `images_012/images/` in `CXR8/` on top is three. */
const depth = 4;

const wanted = {
  labels: { pattern: /^Data_Entry_2017.*\.csv$/i, name: "Data_Entry_2017_v2020.csv (or Data_Entry_2017.csv)" },
  trainVal: { pattern: /^train_val_list.*\.txt$/i, name: "train_val_list.txt" },
  test: { pattern: /^test_list.*\.txt$/i, name: "test_list.txt" },
};

/**
 * Finds lists and images by their names, in whatever folders they lie.
 * @throws OpError where a list is lacking or there several times, or an image lies in two folders
 */
export async function findNihFiles({ root, images, hasLabels }: NihPlaces): Promise<NihFiles> {
  const walked = await walk(root);
  return {
    labels: hasLabels ? null : findList(walked, root, "labels"),
    trainVal: findList(walked, root, "trainVal"),
    test: findList(walked, root, "test"),
    images: collectImages(images === null ? walked : await walk(images), images ?? root),
  };
}

function walk(root: string): Promise<readonly WalkedFolder[]> {
  return walkFolders(root, { depth, takes: (name) => nihImageName.test(name) });
}

function findList(walked: readonly WalkedFolder[], root: string, list: keyof typeof wanted): string {
  const { pattern, name } = wanted[list];
  const found = walked.flatMap(({ folder, files }) =>
    files.filter((file) => pattern.test(file)).map((file) => posix.join(folder, file)),
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  if (first === undefined) {
    throw new OpError(
      "list-missing",
      `No ${name} lies below the root ${root}: found ${describeRoot(walked)}.`,
      "It comes with the images from https://nihcc.app.box.com/v/ChestXray-NIHCC; put it into the root.",
    );
  }
  throw new OpError(
    "list-ambiguous",
    `${found.join(" and ")} are both taken for ${name}.`,
    list === "labels" ? "Say which one is meant by `labels`." : "Keep one of them below the root.",
  );
}

function collectImages(walked: readonly WalkedFolder[], root: string): ReadonlyMap<string, string> {
  const images = new Map<string, string>();
  for (const { folder, taken } of walked) {
    for (const name of taken) {
      const place = placeIn(folder, name);
      const earlier = images.get(name);
      if (earlier !== undefined) throw ambiguousImage(earlier, place);
      images.set(name, place);
    }
  }
  if (images.size > 0) return images;
  const archives = walked.some(({ files }) => files.some((name) => /\.(tar|tar\.gz|tgz|zip)$/i.test(name)));
  throw new OpError(
    "images-missing",
    `No image such as 00000001_000.png lies below ${root}: found ${describeRoot(walked)}.`,
    archives ? "Unpack the archives there." : "Name the folder of the images by `images`.",
  );
}

/** One may be a smaller copy: which of them is meant changes every number. */
function ambiguousImage(first: string, second: string): OpError {
  return new OpError(
    "images-ambiguous",
    `${first} and ${second} are images of one name.`,
    "Name the folder to read by `images`, or move the other away.",
  );
}
