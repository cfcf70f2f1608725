import type { CellExpression, TaskId } from "@exp-lab/dsl";
import type { Answer } from "./answers.ts";
import { classSetOf, haveOneClassSet } from "./class-sets.ts";
import { combineAnswers, type CombinedAnswers } from "./combine-answers.ts";
import { rankAnswers } from "./rank-answers.ts";
import type { ScoreStates } from "./score-state.ts";

/** An expression and the ones that stand in its place in the other rows of its column. */
export interface Standing {
  readonly expression: CellExpression;
  readonly others: readonly CellExpression[];
}

/** The answers of one cell's expression, one per seed or draw, in the order of its tasks. */
export function evaluateCell({ expression, others }: Standing, states: ScoreStates): CombinedAnswers {
  if (expression.kind === "scores")
    return { answers: expression.tasks.map((task) => answerOf(task, states)), notes: [] };
  const { function: name, arguments: parts, lowerIsBetter = false } = expression;
  const rivals = others.flatMap((other) =>
    other.kind === "apply" && other.function === name ? [other.arguments] : [],
  );
  const standings = parts.map((part, index) => ({
    expression: part,
    others: rivals.flatMap((rival) => rival[index] ?? []),
  }));
  if (name === "rank") return evaluateRank(standings, lowerIsBetter, states);

  const evaluated = standings.map((standing) => evaluateCell(standing, states));
  const combined = combineAnswers(
    name,
    evaluated.map(({ answers }) => answers),
  );
  return { answers: combined.answers, notes: [...evaluated.flatMap(({ notes }) => notes), ...combined.notes] };
}

function evaluateRank(standings: readonly Standing[], lowerIsBetter: boolean, states: ScoreStates): CombinedAnswers {
  const [standing] = standings;
  if (standing === undefined || standings.length > 1) {
    const note = `\`rank\` takes one argument and was given ${String(standings.length)}.`;
    return { answers: [{ key: "rank", value: "undefined" }], notes: [note] };
  }
  const rows = [standing.expression, ...standing.others];
  const evaluated = rows.map((expression, index) =>
    evaluateCell({ expression, others: rows.filter((_, other) => other !== index) }, states),
  );
  const ranked = rankAnswers({
    rows: evaluated.map(({ answers }) => answers),
    comparable: haveOneClassSet(rows.map((expression) => classSetOf(expression, states))),
    lowerIsBetter,
  });
  return { answers: ranked.answers, notes: [...(evaluated[0]?.notes ?? []), ...ranked.notes] };
}

function answerOf(task: TaskId, states: ScoreStates): Answer {
  const state = states.get(task);
  if (state?.state !== "done") return { key: task, value: "missing" };
  const { value } = state.score;
  return { key: task, value: value !== null && Number.isFinite(value) ? value : "undefined" };
}
