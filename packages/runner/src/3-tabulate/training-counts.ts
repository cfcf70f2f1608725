import type { Score } from "@exp-lab/ops";
import type { Cell, CountRange } from "./table.ts";

type TrainingCounts = Pick<Cell, "nTrain" | "nTrainGroups" | "nTrainPerClass">;

/** What the heads behind a cell's scores were fitted on, as far as they were fitted here. */
export function countTraining(scores: readonly Score[]): TrainingCounts {
  const counts = scores.flatMap(({ trainedOn }) => trainedOn ?? []);
  return {
    nTrain: rangeOf(counts.map(({ examples }) => examples)),
    nTrainGroups: rangeOf(counts.map(({ groups }) => groups)),
    nTrainPerClass: countPerClass(scores),
  };
}

function countPerClass(scores: readonly Score[]): TrainingCounts["nTrainPerClass"] {
  const fitted = scores.flatMap(({ classNames, trainedOn }) =>
    trainedOn === undefined ? [] : [{ classNames, perClass: trainedOn.perClass }],
  );
  const [first] = fitted;
  if (first === undefined) return null;
  const { classNames } = first;
  const isShared = fitted.every(
    (each) =>
      each.perClass.length === classNames.length &&
      each.classNames.length === classNames.length &&
      each.classNames.every((name, index) => name === classNames[index]),
  );
  if (!isShared) return null;
  return Object.fromEntries(
    classNames.flatMap((name, index) => {
      const range = rangeOf(fitted.flatMap(({ perClass }) => perClass[index] ?? []));
      return range === null ? [] : [[name, range]];
    }),
  );
}

/** Fewer training examples, or patients, than these are few: how many they were is then part of the result. */
const fewExamples = 200;
const fewGroups = 100;
/** A note does not list more classes than these. */
const listedClasses = 4;

/**
 * One sentence on how much a cell's heads learned from, where that is little and not plain from the table itself: where
 * draws gave different numbers, or several examples of one patient. Null elsewhere.
 */
export function describeTraining({ nTrain, nTrainGroups, nTrainPerClass }: TrainingCounts): string | null {
  if (nTrain === null || nTrainGroups === null) return null;
  const classes = Object.entries(nTrainPerClass ?? {});
  const isFew = nTrain.least < fewExamples || nTrainGroups.least < fewGroups;
  const varies = [nTrain, nTrainGroups, ...classes.map(([, range]) => range)].some(({ least, most }) => least < most);
  const hasRepeats = nTrainGroups.least < nTrain.least || nTrainGroups.most < nTrain.most;
  if (!isFew || !(varies || hasRepeats)) return null;
  const patients = hasRepeats ? ` of ${countText(nTrainGroups, "patient")}` : "";
  const perClass = classes.map(([name, range]) => `${name} ${rangeText(range)}`).join(", ");
  const list = classes.length === 0 || classes.length > listedClasses ? "" : ` (${perClass})`;
  return `Trained on ${countText(nTrain, "example")}${patients}${list}.`;
}

/** Null for no counts. */
export function rangeOf(counts: readonly number[]): CountRange | null {
  if (counts.length === 0) return null;
  return { least: Math.min(...counts), most: Math.max(...counts) };
}

export function rangeText({ least, most }: CountRange): string {
  return least === most ? String(most) : `${String(least)} to ${String(most)}`;
}

function countText(range: CountRange, noun: string): string {
  return `${rangeText(range)} ${noun}${range.most === 1 ? "" : "s"}`;
}
