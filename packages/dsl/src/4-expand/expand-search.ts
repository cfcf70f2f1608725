import type { CheckedProgram, CheckedSearch, Setting } from "../3-check/checked-program.ts";
import { lastFitSplits } from "../3-check/last-fit-splits.ts";
import { settingIsSearched } from "../diagnostics/catalog-check.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { ExampleSelection, OpSignature, ParamValue, PlainSettings } from "../signature/signature.ts";
import type { SearchOps } from "../signature/signature-index.ts";
import type { WiringProblem } from "./explain-missing.ts";
import type { Span } from "../text/source.ts";
import type { TaskBuilder } from "./task-builder.ts";
import type { Trial } from "./trials.ts";
import { valueInTrial } from "./value-in-trial.ts";
import { isWired, type WiredOp } from "./wiring.ts";

interface SearchOptions {
  readonly program: CheckedProgram;
  readonly builder: TaskBuilder;
  /** Null where this build has no ops to search by. */
  readonly ops: SearchOps | null;
  readonly report: (diagnostic: Diagnostic) => void;
  readonly reportUnwired: (problem: WiringProblem, metric: CheckedSearch["select"]) => void;
}

/**
 * A trial as its cells see it. Where its head has a search, the tasks of the search are made (fit and score every point,
 * select), and the trial becomes the one that is fitted with what is chosen. Null after reporting why it cannot be.
 */
export function expandSearch(trial: Trial, options: SearchOptions): Trial | null {
  const { search } = trial;
  if (search === null) {
    const learnsFrom = learnsFromOf(trial, options.program);
    return learnsFrom === trial.stage.learnsFrom ? trial : { ...trial, stage: { ...trial.stage, learnsFrom } };
  }
  for (const name of Object.keys(search.over)) {
    const swept = trial.settings.get(`head.${name}`);
    if (swept === undefined) continue;
    options.report(settingIsSearched(swept.span, `head.${name}`, search.span));
    return null;
  }
  const metric = trial.wiring.wiring.wireMetric(search.select.metric);
  if (!isWired(metric)) {
    options.reportUnwired(metric, search.select);
    return null;
  }
  const constructor = trial.wiring.wiring.constructors.head;
  const { ops } = options;
  if (constructor === undefined || ops === null)
    throw new Error("A head is searched without a constructor, or without ops to search by.");
  const points = listPoints(search);
  const scores = points.map((point) =>
    scorePoint(point, { trial, search, metric, constructor, options: { ...options, ops } }),
  );
  const whole = { ...metric, usesSplit: false };
  const selected = options.builder.place(
    {
      trial,
      op: { ...whole, signature: ops.select },
      split: "val",
      asker: search.span,
      given: describeChoice(points, search, constructor),
    },
    Object.fromEntries(scores.map((score, index) => [`scores.${String(index)}`, score])),
  );
  const chosen = { ...whole, signature: ops.chosen };
  const choice = options.builder.place({ trial, op: chosen, split: "val", asker: search.span }, { choice: selected });
  const settings = new Map(trial.settings);
  // The head takes these from the choice: a value here would be in its question without being in its answer.
  for (const name of Object.keys(search.over)) settings.set(`head.${name}`, { value: null, span: search.span });
  if (constructor.joinsVal !== undefined)
    settings.set(`head.${constructor.joinsVal}`, { value: null, span: search.span });
  return { ...trial, settings, stage: { learnsFrom: learnsFromOf(trial, options.program), choice, point: [] } };
}

function learnsFromOf(trial: Trial, program: CheckedProgram): "train" | "train+val" {
  const { search, preset, wiring } = trial;
  const constructor = wiring.wiring.constructors.head;
  // Most heads: they have no search, and nothing makes them learn from val.
  if (search === null && constructor?.joinsVal === undefined) return "train";
  return lastFitSplits({
    ...{ search, preset, constructor },
    hasShots: valueInTrial(trial, "dataset.shots", program) !== null,
    valueOf: (param) => valueInTrial(trial, `head.${param}`, program),
  });
}

type Point = readonly (readonly [param: string, setting: Setting])[];

/** Every combination of the values, the last parameter's fastest. */
function listPoints({ over }: CheckedSearch): readonly Point[] {
  let points: readonly Point[] = [[]];
  for (const [param, values] of Object.entries(over)) {
    points = points.flatMap((point) => values.map((setting): Point => [...point, [param, setting]]));
  }
  return points;
}

interface PointScope {
  readonly trial: Trial;
  readonly search: CheckedSearch;
  readonly metric: WiredOp;
  readonly constructor: OpSignature;
  readonly options: SearchOptions & { readonly ops: SearchOps };
}

/** The task that scores one point: on validation, or on the pooled folds of the training split. */
function scorePoint(point: Point, scope: PointScope): number {
  const { trial, search, metric, constructor, options } = scope;
  const { builder, ops } = options;
  const asker = search.select.span;
  const named = point.map(([param, setting]) => [`head.${param}`, setting] as const);
  const settings = new Map(trial.settings);
  for (const [param, setting] of Object.entries(search.settings)) settings.set(`head.${param}`, setting);
  for (const [name, setting] of named) settings.set(name, setting);
  // What a point learns from is the search's affair.
  if (constructor.joinsVal !== undefined)
    settings.set(`head.${constructor.joinsVal}`, { value: null, span: search.span });
  const { point: pointParam, epochs } = constructor.searching ?? {};
  const keepsEpochs = search.checkpoint === "best" && epochs !== undefined;
  if (pointParam !== undefined) settings.set(`head.${pointParam}`, { value: true, span: search.span });
  if (keepsEpochs) settings.set(`head.${epochs.keep}`, { value: true, span: search.span });
  const at = (learnsFrom: ExampleSelection): Trial => ({
    ...trial,
    settings,
    stage: { learnsFrom, choice: null, point: named },
  });

  if (search.folds !== null) return scoreFolds(search.folds, { at, metric, asker, options });
  if (!keepsEpochs) return builder.find({ trial: at("train"), op: metric, split: "val", asker });
  const op = trial.wiring.wiring.wireOp(ops.scoreEpochs);
  if (!isWired(op))
    throw new Error(`${constructor.name} keeps its epochs, but what it makes cannot be scored by epoch.`);
  const given = { metric: search.select.metric, want: search.select.want };
  return builder.find({ trial: at("train"), op, split: "val", asker, given });
}

interface FoldScope {
  /** The trial of the point, with a head that learns from the selection. */
  readonly at: (learnsFrom: ExampleSelection) => Trial;
  readonly metric: WiredOp;
  readonly asker: Span;
  readonly options: PointScope["options"];
}

/** Every fold of the training split is predicted by a fit on the rest; the metric is taken once, over all of them. */
function scoreFolds(folds: number, { at, metric, asker, options: { builder, ops } }: FoldScope): number {
  const inputs = metric.inputs.map(({ name, op }) => {
    const parts: Record<string, number> = {};
    for (let fold = 1; fold <= folds; fold += 1) {
      const [held, rest] = [`fold ${fold}/${folds}`, `rest ${fold}/${folds}`] as const;
      parts[`parts.${String(fold - 1)}`] = builder.find({ trial: at(rest), op, split: held, asker });
    }
    const pool = { ...metric, signature: ops.pool };
    return [name, builder.place({ trial: at("train"), op: pool, split: "train", asker }, parts)] as const;
  });
  return builder.place({ trial: at("train"), op: metric, split: "train", asker }, Object.fromEntries(inputs));
}

/** What the selecting op must know: the points, which score is best, and where each parameter's own range ends. */
function describeChoice(
  points: readonly Point[],
  { over, select, checkpoint }: CheckedSearch,
  { params, searching }: OpSignature,
): Readonly<Record<string, ParamValue>> {
  const bounds = (side: "min" | "max"): PlainSettings =>
    Object.fromEntries(
      Object.keys(over).map((name) => {
        const spec = params[name];
        return [name, (spec?.type === "number" || spec?.type === "integer" ? spec[side] : undefined) ?? null];
      }),
    );
  return {
    points: points.map((point) => Object.fromEntries(point.map(([param, { value }]) => [param, plain(value)]))),
    want: select.want,
    lowest: bounds("min"),
    highest: bounds("max"),
    stop_at: checkpoint === "best" ? (searching?.epochs?.stopAt ?? null) : null,
  };
}

/** Files and weights cannot be searched over: what is left is plain. */
function plain(value: ParamValue): PlainSettings[string] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) throw new Error("A point holds a file.");
  return value as PlainSettings[string];
}
