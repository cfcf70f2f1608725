import { splitNames } from "@exp-lab/dsl";
import { medmnistClassCounts } from "./medmnist-class-counts.ts";
import { medmnistSets, type MedmnistSet, type SplitCounts } from "./medmnist-sets.ts";
import type { PublishedCounts, PublishedNumbers } from "./published-counts.ts";

/** A published MedMNIST file. */
export interface MedmnistFile {
  /** Of the set, e.g. `pathmnist`. */
  readonly name: string;
  readonly set: MedmnistSet;
  /** Of its images, or volumes, in pixels. */
  readonly side: number;
}

/**
 * The published file of that name: `pathmnist.npz`, or `pathmnist_64.npz` and the like for the larger images. Null for any other
 * name.
 */
export function findMedmnistFile(fileName: string): MedmnistFile | null {
  const [, name = "", side = "28"] = /^([a-z]+(?:3d)?)(?:_(\d+))?\.npz$/.exec(fileName) ?? [];
  const set = medmnistSets.get(name);
  if (set === undefined) return null;
  const sides = set.isVolumes === true ? [28, 64] : [28, 64, 128, 224];
  return sides.includes(Number(side)) ? { name, set, side: Number(side) } : null;
}

/**
 * What is published about a MedMNIST file, by its name; null for a file of any other name. Of a set's two releases that which is
 * nearer to what there is, the present one where that is not known. The images of volumes are their slices.
 */
export function publishedMedmnist(fileName: string, found?: PublishedNumbers): PublishedCounts | null {
  const file = findMedmnistFile(fileName);
  if (file === null) return null;
  const { name, set, side } = file;
  const slices = set.isVolumes === true ? side : 1;
  const positives = medmnistClassCounts(name);
  const releases = releasesOf(set).map(({ source, counts }): PublishedCounts => ({
    ...{ name, source, classes: set.classes.length, images: numbersOf(counts, slices) },
    ...(set.isVolumes === true && { patients: numbersOf(counts, 1) }),
    ...(positives !== null && { positives }),
  }));
  return releases.reduce((best, other) => (distance(other, found) < distance(best, found) ? other : best));
}

/**
 * Bytes of the largest array of a published file of volumes; 0 for any other file, and for images, which are never packed to so
 * little that one would ask.
 */
export function publishedSize(fileName: string): number {
  const file = findMedmnistFile(fileName);
  if (file?.set.isVolumes !== true) return 0;
  return Math.max(...releasesOf(file.set).flatMap(({ counts }) => counts)) * file.side ** 3 + arrayHeader;
}

/** More than the header of an array has ever had. */
const arrayHeader = 4096;

interface Release {
  readonly source: string;
  readonly counts: SplitCounts;
}

const paper = "the MedMNIST v2 paper (Yang et al., 2023)";

/** The present one first. */
function releasesOf({ counts, paperCounts }: MedmnistSet): readonly Release[] {
  if (paperCounts === undefined) return [{ source: paper, counts }];
  return [
    { source: "MedMNIST 2.2.4 and later (Zenodo 10519652)", counts },
    { source: `${paper} and releases up to 2.2.3`, counts: paperCounts },
  ];
}

function numbersOf([train, val, test]: SplitCounts, times: number): PublishedNumbers {
  return { train: times * train, val: times * val, test: times * test, all: times * (train + val + test) };
}

function distance({ images }: PublishedCounts, found: PublishedNumbers | undefined): number {
  if (found === undefined) return 0;
  return splitNames.reduce((sum, split) => sum + Math.abs((images[split] ?? 0) - (found[split] ?? 0)), 0);
}
