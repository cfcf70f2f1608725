import type { ExampleSet } from "../artifacts/examples.ts";
import type { Predictions } from "../artifacts/predictions.ts";
import type { TrainedOn } from "../artifacts/trained-on.ts";

/** What predictions carry of the head that made them. */
export interface HeadRecord {
  readonly notes: readonly string[];
  readonly trainedOn?: TrainedOn;
}

/** Puts scores, row-major [examples, classes], beside the truth, and the head's notes behind those of the examples. */
export function toPredictions(
  examples: ExampleSet,
  scores: Float64Array,
  { notes, trainedOn }: HeadRecord,
): Predictions {
  return {
    problem: examples.problem,
    classNames: examples.classNames,
    ids: examples.examples.map((example) => example.id),
    groups: examples.examples.map((example) => example.group),
    labels: examples.labels,
    scores,
    unusable: null,
    ...(trainedOn !== undefined && { trainedOn }),
    notes: withoutEchoes([...examples.notes, ...notes]),
  };
}

/** Each sentence once: scored and learned examples may share some, and a search on the same data set had the same to say of it. */
function withoutEchoes(notes: readonly string[]): readonly string[] {
  const echoes = new Set(notes.map(noteOfSearch));
  return [...new Set(notes)].filter((note) => !echoes.has(note));
}

/** How a note of the search's scores is told with those of the chosen head. */
export function noteOfSearch(note: string): string {
  return `Of the search itself: ${note}`;
}

/** Predictions of a head that could not be fitted: none, and why. */
export function noPredictions(examples: ExampleSet, unusable: string): Predictions {
  const { problem, classNames, labels } = examples;
  return {
    problem,
    classNames,
    ids: [],
    groups: [],
    labels: { width: labels.width, values: new Int32Array() },
    scores: new Float64Array(),
    unusable,
    notes: [],
  };
}
