import type { Choice, Settings } from "../../artifacts/choice.ts";
import type { Score } from "../../artifacts/score.ts";
import { paramsOf, type InputValue, type OpContext } from "../../op-context.ts";
import { OpError } from "../../op-error.ts";
import type { SingleOp } from "../../op.ts";
import { noteOfSearch } from "../to-predictions.ts";
import { describeEdges } from "./grid-edges.ts";

const signature = {
  name: "select",
  version: 1,
  summary: "Chooses the point of a search with the best score on validation.",
  use: "select",
  role: "head",
  params: {
    points: { type: "wired", summary: "The settings of each point, in the order of the grid." },
    want: { type: "wired", summary: "Whether the largest or the smallest score is best." },
    lowest: { type: "wired", summary: "Where the range of each parameter begins; null: nowhere." },
    highest: { type: "wired", summary: "Where it ends." },
    stop_at: {
      type: "wired",
      summary: "The parameter that is set to the best epoch's share of the training; null: none.",
    },
  },
  inputs: { scores: { kind: "score", many: true, summary: "The score of each point." } },
  output: "choice",
} as const;

/**
 * The first of the points with the best score. A point without a score (its fit had no finite loss, or the backbone lacks
 * the features that it asks for) is passed over and noted.
 */
export const select: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context): Promise<Choice> => {
    const params = paramsOf(signature, context) as SelectParams;
    const { points, want } = params;
    const scores = points.map((_, index) => scoreOf(context, index));
    const chosen = findBest(scores, want);
    const best = scores[chosen];
    const point = points[chosen];
    if (best === undefined || point === undefined) throw noScore(scores);
    return {
      settings: { ...point, ...epochSetting(best, params) },
      metric: best.metric,
      want,
      points,
      scores: scores.map((score) => score.value),
      chosen,
      notes: [...describeEdges(point, params), ...describePassedOver(scores), ...best.notes.map(noteOfSearch)],
    };
  },
};

interface SelectParams {
  readonly points: readonly Settings[];
  readonly want: "max" | "min";
  readonly lowest: Readonly<Record<string, number | null>>;
  readonly highest: Readonly<Record<string, number | null>>;
  readonly stop_at: string | null;
}

function scoreOf({ inputs }: OpContext, index: number): Score {
  const input = inputs[`scores.${String(index)}`] as InputValue<"score"> | undefined;
  if (input?.kind !== "score") throw new Error(`Point ${String(index)} of a search has no score.`);
  return input.value;
}

function findBest(scores: readonly Score[], want: "max" | "min"): number {
  let best = -1;
  scores.forEach(({ value }, index) => {
    const record = scores[best]?.value ?? null;
    if (value === null) return;
    if (record === null || (want === "max" ? value > record : value < record)) best = index;
  });
  return best;
}

function epochSetting({ epoch }: Score, { stop_at: name }: SelectParams): Settings {
  return epoch === null || name === null ? {} : { [name]: epoch.best / epoch.of };
}

function describePassedOver(scores: readonly Score[]): readonly string[] {
  const without = scores.filter(({ value }) => value === null);
  if (without.length === 0) return [];
  const reason = without[0]?.notes.at(-1) ?? "";
  return [`The search passed over ${String(without.length)} of ${String(scores.length)} points: ${reason}`];
}

function noScore(scores: readonly Score[]): OpError {
  return new OpError(
    "nothing-to-select",
    `None of the ${String(scores.length)} points of the search has a score. ${scores[0]?.notes.at(-1) ?? ""}`,
    "Search over other values, or select by a metric that is defined on the validation split.",
  );
}
