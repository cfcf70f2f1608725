import { splitNames, type SplitName } from "@exp-lab/dsl";
import { basename } from "node:path";
import { OpError } from "../op-error.ts";
import { unexpectedArray } from "./medmnist-errors.ts";
import { publishedSize } from "./medmnist-published.ts";
import { toImageStack, type ImageStack } from "./medmnist-stack.ts";
import { npyIntegers, parseNpy, type NpyArray } from "./npy-array.ts";
import { openZip, type ZipArchive } from "./zip-archive.ts";

/** The labels of one split, N x width, row-major. */
export interface LabelMatrix {
  /** How messages call the array. */
  readonly name: string;
  readonly count: number;
  readonly width: number;
  readonly values: readonly number[];
}

/** An opened `.npz` file of arrays SPLIT_images and SPLIT_labels. */
export interface MedmnistArrays {
  /** The splits that the file holds. */
  readonly splits: readonly SplitName[];
  readImages(split: SplitName): Promise<ImageStack>;
  readLabels(split: SplitName): Promise<LabelMatrix>;
  close(): Promise<void>;
}

/** @throws OpError naming the file and the array that is missing, damaged or of an unexpected shape */
export async function openMedmnistArrays(path: string): Promise<MedmnistArrays> {
  const file = basename(path);
  // Published volumes of organs' shapes are packed to less than what any archive may grow from.
  const archive = await openZip(path, file, publishedSize(file));
  try {
    return {
      splits: findSplits(file, archive),
      readImages: async (split) => toImageStack(await readArray(file, archive, `${split}_images`)),
      readLabels: async (split) => toLabelMatrix(await readArray(file, archive, `${split}_labels`)),
      close: () => archive.close(),
    };
  } catch (error) {
    await archive.close();
    throw error;
  }
}

function findSplits(file: string, { names }: ZipArchive): readonly SplitName[] {
  const found = splitNames.filter((split) => {
    const parts = [`${split}_images`, `${split}_labels`];
    const missing = parts.filter((part) => !names.includes(`${part}.npy`));
    if (missing.length === 1) throw missingArrays(file, missing, names);
    return missing.length === 0;
  });
  if (found.length === 0) throw missingArrays(file, ["train_images", "train_labels"], names);
  return found;
}

function missingArrays(file: string, missing: readonly string[], names: readonly string[]): OpError {
  const there = names.map((name) => name.replace(/\.npy$/, "")).join(", ");
  return new OpError(
    "array-missing",
    `${file} has no array ${missing.join(" and ")}; it holds ${there === "" ? "nothing" : there}.`,
    "Expected are SPLIT_images and SPLIT_labels for the splits train, val and test.",
  );
}

async function readArray(file: string, archive: ZipArchive, name: string): Promise<NpyArray> {
  return parseNpy(`${name} of ${file}`, await archive.read(`${name}.npy`));
}

function toLabelMatrix(array: NpyArray): LabelMatrix {
  const { name, shape } = array;
  const [count, width = 1] = shape;
  if (count === undefined || shape.length > 2 || width < 1) {
    throw unexpectedArray(name, `shape (${shape.join(", ")})`, "N or N x labels");
  }
  return { name, count, width, values: npyIntegers(array) };
}
