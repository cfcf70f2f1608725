import { splitNames, type SplitName } from "@exp-lab/dsl";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import type { ClassCounts, LackingClass, PublishedComparison, PublishedDifference, SplitCounts } from "./inspection.ts";
import type { PublishedCounts, PublishedNumbers } from "./published-counts.ts";

/** How many examples each split has. */
export function countImages({ splits }: DatasetIndex): SplitCounts {
  return countWhere(splits, () => true);
}

/** Positive, negative and unknown examples of every class, in the order of the classes. */
export function countClasses({ problem, classNames, labels, splits }: DatasetIndex): readonly ClassCounts[] {
  const { width, values } = labels;
  return classNames.map((name, index) => {
    /** 1, 0, or -1 where it is not known. */
    const flagOf = (row: number): number =>
      problem === "multi-label" ? values[row * width + index]! : Number(values[row] === index);
    const count = (flag: number): SplitCounts => countWhere(splits, (row) => flagOf(row) === flag);
    return { name, positives: count(1), negatives: count(0), unknown: count(-1) };
  });
}

/** Distinct names per split, and in all; null where there is none. */
export function countDistinct(
  names: readonly (string | null | undefined)[],
  splits: readonly SplitName[],
): SplitCounts | null {
  const seen = { train: new Set<string>(), val: new Set<string>(), test: new Set<string>(), all: new Set<string>() };
  names.forEach((name, row) => {
    if (name == null) return;
    seen[splits[row]!].add(name);
    seen.all.add(name);
  });
  if (seen.all.size === 0) return null;
  return { train: seen.train.size, val: seen.val.size, test: seen.test.size, all: seen.all.size };
}

/** Classes that cannot be scored in a split: it has images, but none that has the class, or none that is known not to. */
export function findLacking(classes: readonly ClassCounts[], images: SplitCounts): readonly LackingClass[] {
  return splitNames
    .filter((split) => images[split] > 0)
    .flatMap((split) =>
      classes.flatMap(({ name, ...counts }) =>
        (["positives", "negatives"] as const)
          .filter((side) => counts[side][split] === 0)
          .map((lacks) => ({ split, name, lacks })),
      ),
    );
}

/** What a data set holds, as far as publishers speak of it. */
export interface HeldCounts {
  readonly images: SplitCounts;
  readonly classes: readonly ClassCounts[];
  /** Null where the source names none: their numbers are then not compared. */
  readonly patients: SplitCounts | null;
}

/** Where a data set differs from what its publisher says: images, classes, patients, then each class's positives. */
export function comparePublished(
  published: PublishedCounts | null,
  { images, classes, patients }: HeldCounts,
): PublishedComparison | null {
  if (published === null) return null;
  const absent = (published.apart ?? []).filter((split) => images[split] === 0);
  const compare = (
    what: Pick<PublishedDifference, "of" | "className">,
    numbers: PublishedNumbers,
    found: SplitCounts,
  ): readonly PublishedDifference[] =>
    comparedSplits(absent).flatMap((split) => {
      const number = numbers[split];
      return number === undefined || number === found[split]
        ? []
        : [{ ...what, split, published: number, found: found[split] }];
    });
  const ofClasses = { of: "classes", split: null, className: null } as const;
  const differences = [
    ...compare({ of: "images", className: null }, published.images, images),
    ...(published.classes === classes.length
      ? []
      : [{ ...ofClasses, published: published.classes, found: classes.length }]),
    ...(patients === null ? [] : compare({ of: "patients", className: null }, published.patients ?? {}, patients)),
    ...classes.flatMap(({ name, positives }) =>
      compare({ of: "positives", className: name }, published.positives?.[name] ?? {}, positives),
    ),
  ];
  return { ...published, differences };
}

/** All splits together are compared only where none is lacking that is published apart. */
function comparedSplits(absent: readonly SplitName[]): readonly (SplitName | "all")[] {
  const present = splitNames.filter((split) => !absent.includes(split));
  return absent.length === 0 ? [...present, "all"] : present;
}

function countWhere(splits: readonly SplitName[], isCounted: (row: number) => boolean): SplitCounts {
  const counts = { train: 0, val: 0, test: 0, all: 0 };
  splits.forEach((split, row) => {
    if (!isCounted(row)) return;
    counts[split] += 1;
    counts.all += 1;
  });
  return counts;
}
