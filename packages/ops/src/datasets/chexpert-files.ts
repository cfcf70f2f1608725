import type { SplitName } from "@exp-lab/dsl";
import { readdir } from "node:fs/promises";
import { join, posix } from "node:path";
import { OpError } from "../op-error.ts";
import { compareCodeUnits } from "./class-names.ts";
import { errorCode } from "./file-images.ts";
import { describeRoot, walkFolders, type WalkedFolder } from "./walk-folders.ts";

/** CheXpert as it lies here. */
export interface ChexpertFiles {
  /** Each split's list, relative to the root; test's is null where there is none. */
  readonly lists: Readonly<Record<"train" | "val", string>> & { readonly test: string | null };
  /** The folder, relative to the root, that holds a patient's own. */
  readonly folders: ReadonlyMap<string, string>;
}

/** Lists by their names in the 2019 release, in CheXlocalize, in the study, and in the repository of the test labels; the first is taken. */
const chexpertLists: Readonly<Record<SplitName, readonly string[]>> = {
  train: ["train.csv"],
  val: ["valid.csv", "val_labels.csv", "val.csv"],
  test: ["test.csv", "test_labels.csv", "groundtruth.csv"],
};

/** `CheXpert-v1.0 batch 1 (validate & csv)/valid/` in a folder of the download's is three. */
const depth = 4;

/**
 * Finds lists and the folders of patients by their names. The folders of the patients themselves, 252,000 with their studies,
 * are not looked into.
 * @throws OpError where train's or validation's list is lacking, a list is there several times, or a patient in two folders
 */
export async function findChexpertFiles(root: string): Promise<ChexpertFiles> {
  const walked = await walkFolders(root, { depth, takes: (name) => /^patient\d{5}$/.test(name) });
  const folders = collectPatients(walked);
  if (folders.size === 0) {
    throw new OpError(
      "images-missing",
      `No folder such as patient00001 lies below the root ${root}: found ${describeRoot(walked)}.`,
      "Unpack the archives there: images are PATIENT/STUDY/VIEW below train, valid (or val), test, or the folders of the batches.",
    );
  }
  const listOf = (split: SplitName): string | null => findList(walked, split);
  const [train, val] = (["train", "val"] as const).map((split) => listOf(split) ?? missingList(walked, root, split));
  return { lists: { train: train!, val: val!, test: listOf("test") }, folders };
}

/**
 * The images of a study, frontal and lateral, by the number of the view, relative to the patients' folder. None where there is no
 * such folder.
 * @throws OpError `folder-unreadable`
 */
export async function listStudy(root: string, folder: string, study: string): Promise<readonly string[]> {
  const path = join(root, folder, study);
  const names = await readdir(path).catch((error: unknown) => {
    const code = errorCode(error);
    if (code === "ENOENT") return [];
    throw new OpError("folder-unreadable", `The folder of a study cannot be read (${code}).`, `Check ${path}.`);
  });
  const numberOf = (name: string): number => Number(/^view(\d+)/.exec(name)?.[1]);
  return names
    .filter((name) => chexpertView.test(name))
    .sort((a, b) => numberOf(a) - numberOf(b) || compareCodeUnits(a, b))
    .map((name) => posix.join(study, name));
}

/** An image's name within its study. */
export const chexpertView = /^view\d{1,4}_(?:frontal|lateral)\.(?:jpe?g|png)$/;

function findList(walked: readonly WalkedFolder[], split: SplitName): string | null {
  for (const name of chexpertLists[split]) {
    const found = walked.flatMap(({ folder, files }) => (files.includes(name) ? [posix.join(folder, name)] : []));
    if (found.length > 1) {
      throw new OpError(
        "list-ambiguous",
        `The list of ${split} lies here several times: ${found.slice(0, 3).join(", ")}.`,
        "Name the folder of one copy of CheXpert as the root.",
      );
    }
    if (found[0] !== undefined) return found[0];
  }
  return null;
}

function missingList(walked: readonly WalkedFolder[], root: string, split: SplitName): never {
  throw new OpError(
    "list-missing",
    `No ${chexpertLists[split].join(" or ")} lies below the root ${root}: found ${describeRoot(walked)}.`,
    "It comes with the images of CheXpert-v1.0 (in AIMI's download with batch 1); put it into the root.",
  );
}

function collectPatients(walked: readonly WalkedFolder[]): ReadonlyMap<string, string> {
  const folders = new Map<string, string>();
  for (const { folder, taken } of walked) {
    for (const patient of taken) {
      const earlier = folders.get(patient);
      if (earlier === undefined || isCheXlocalize(earlier, folder)) folders.set(patient, folder);
      else if (!isCheXlocalize(folder, earlier)) throw ambiguousPatient(earlier, folder);
    }
  }
  return folders;
}

/** CheXlocalize brings the images of validation once more, as `val`, beside CheXpert's own `valid`. */
function isCheXlocalize(folder: string, other: string): boolean {
  return posix.basename(folder) === "val" && posix.basename(other) === "valid";
}

/** Names no patient. */
function ambiguousPatient(first: string, second: string): OpError {
  const nameOf = (folder: string): string => (folder === "" ? "the root" : folder);
  return new OpError(
    "images-ambiguous",
    `${nameOf(first)} and ${nameOf(second)} hold folders of the same patients.`,
    "Name the folder of one copy of CheXpert as the root.",
  );
}
