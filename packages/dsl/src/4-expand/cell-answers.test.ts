import { expect, it } from "vitest";
import { alignAnswers, type DraftExpression, type Seeds } from "./cell-answers.ts";

const scores = (...answers: readonly (readonly [task: string, seeds: Seeds])[]): DraftExpression => ({
  kind: "scores",
  answers: answers.map(([task, seeds]) => ({ task, seeds })),
});

const difference = (...parts: readonly DraftExpression[]): DraftExpression => ({
  kind: "apply",
  function: "difference",
  arguments: parts,
});

/** The tasks that stand side by side, pair by pair; null where answers have no partner. */
function pairsOf(left: DraftExpression, right: DraftExpression): readonly string[] | null {
  const aligned = alignAnswers(difference(left, right));
  if (aligned === null) return null;
  const [first, second] = aligned.kind === "apply" ? aligned.arguments : [];
  if (first?.kind !== "scores" || second?.kind !== "scores") throw new Error("The arguments are scores.");
  const count = Math.max(first.tasks.length, second.tasks.length);
  const at = (tasks: readonly string[], place: number) => tasks[tasks.length === 1 ? 0 : place] ?? "?";
  return Array.from({ length: count }, (_, place) => `${at(first.tasks, place)} ${at(second.tasks, place)}`);
}

it("pairs answers of the same seeds, whatever their order", () => {
  const left = scores(["a0", { seed: 0, draw: 0 }], ["a1", { seed: 1, draw: 0 }], ["a2", { seed: 0, draw: 1 }]);
  const right = scores(["b2", { draw: 1, seed: 0 }], ["b0", { draw: 0, seed: 0 }], ["b1", { draw: 0, seed: 1 }]);
  expect(pairsOf(left, right)).toEqual(["a0 b0", "a1 b1", "a2 b2"]);
});

it("lets an answer without a seed stand beside every value of it", () => {
  const seeds = scores(["b0", { seed: 0 }], ["b1", { seed: 1 }]);
  expect(pairsOf(scores(["a", {}]), seeds)).toEqual(["a b0", "a b1"]);
  const drawn = scores(
    ...[0, 1].flatMap((draw) => [0, 1].map((seed) => [`c${String(draw)}${String(seed)}`, { draw, seed }] as const)),
  );
  expect(pairsOf(seeds, drawn)).toEqual(["b0 c00", "b0 c10", "b1 c01", "b1 c11"]);
  // Each hangs on another axis: all with all.
  expect(pairsOf(seeds, scores(["d0", { draw: 0 }], ["d1", { draw: 1 }]))).toHaveLength(4);
});

it("gives nothing where an answer would be left over", () => {
  const left = scores(["a0", { seed: 0 }], ["a1", { seed: 1 }]);
  expect(pairsOf(left, scores(["b1", { seed: 1 }], ["b2", { seed: 2 }]))).toBeNull();
  expect(pairsOf(left, scores(["b0", { seed: 0 }], ["b1", { seed: 1 }], ["b2", { seed: 2 }]))).toBeNull();
});

it("leaves scores and functions of functions as they are where all have the same seeds", () => {
  const answers = [0, 1, 2].map((seed) => [`a${String(seed)}`, { seed }] as const);
  expect(alignAnswers(scores(...answers))).toEqual({ kind: "scores", tasks: ["a0", "a1", "a2"] });
  const nested = difference(scores(...answers), { kind: "apply", function: "mean", arguments: [scores(...answers)] });
  const tasks = { kind: "scores", tasks: ["a0", "a1", "a2"] };
  expect(alignAnswers(nested)).toEqual({
    ...{ kind: "apply", function: "difference" },
    arguments: [tasks, { kind: "apply", function: "mean", arguments: [tasks] }],
  });
});
