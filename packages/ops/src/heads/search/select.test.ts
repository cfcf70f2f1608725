import { describe, expect, it } from "vitest";
import { contextFor } from "../../../../../tests/ops/dataset-testing.ts";
import { choiceCodec, type Choice, type Settings } from "../../artifacts/choice.ts";
import type { Score } from "../../artifacts/score.ts";
import { select } from "./select.ts";

const rates: readonly Settings[] = [{ lr: 0.001 }, { lr: 0.01 }, { lr: 0.1 }, { lr: 1 }];

describe("select", () => {
  it("takes the point with the best score", async () => {
    const choice = await choose([0.5, 0.9, 0.7, 0.6]);
    expect(choice).toEqual({
      settings: { lr: 0.01 },
      metric: "auroc",
      want: "max",
      points: rates,
      scores: [0.5, 0.9, 0.7, 0.6],
      chosen: 1,
      notes: [],
    });
    expect((await choose([0.5, 0.9, 0.2, 0.6], { want: "min" })).chosen).toBe(2);
  });

  it("takes the first of equals", async () => {
    expect((await choose([0.5, 0.9, 0.9, 0.9])).chosen).toBe(1);
  });

  it("notes a choice on the grid's edge, unless the parameter itself ends there", async () => {
    expect((await choose([0.5, 0.6, 0.7, 0.8])).notes).toEqual([
      "The search chose lr 1, the largest value of its grid (0.001 to 1): a wider grid may find a better one.",
    ]);
    expect((await choose([0.5, 0.6, 0.7, 0.8], { highest: { lr: 1 } })).notes).toEqual([]);
    expect((await choose([0.8, 0.6, 0.7, 0.2])).notes).toEqual([
      "The search chose lr 0.001, the smallest value of its grid (0.001 to 1): a wider grid may find a better one.",
    ]);
  });

  it("says nothing of edges where a parameter has two values, or words", async () => {
    const points = [true, false].flatMap((avgpool) => [1, 4].map((blocks) => ({ blocks, avgpool, word: "x" })));
    expect((await choose([0.1, 0.2, 0.3, 0.4], { points })).notes).toEqual([]);
  });

  it("passes points over that have no score, and says so", async () => {
    const choice = await choose([0.5, null, 0.7, 0.6]);
    expect(choice.chosen).toBe(2);
    expect(choice.scores).toEqual([0.5, null, 0.7, 0.6]);
    expect(choice.notes).toEqual(["The search passed over 1 of 4 points: The loss is not finite."]);
    await expect(choose([null, null, null, null])).rejects.toMatchObject({
      code: "nothing-to-select",
      message: "None of the 4 points of the search has a score. The loss is not finite.",
    });
  });

  it("sets the share of the training that the best epoch is", async () => {
    const choice = await choose([0.5, 0.9, 0.7, 0.6], { stopAt: "stop_at", epoch: { best: 3, of: 12 } });
    expect(choice.settings).toEqual({ lr: 0.01, stop_at: 0.25 });
  });

  it("comes out of the store as it went in", async () => {
    const choice = await choose([0.5, null, 0.7, 0.6]);
    expect(choiceCodec.decode(choiceCodec.encode(choice))).toEqual(choice);
  });
});

interface Asked {
  readonly points?: readonly Settings[];
  readonly want?: "max" | "min";
  readonly highest?: Readonly<Record<string, number | null>>;
  readonly stopAt?: string;
  readonly epoch?: Score["epoch"];
}

async function choose(values: readonly (number | null)[], asked: Asked = {}): Promise<Choice> {
  const { points = rates, want = "max", highest = {}, stopAt = null, epoch = null } = asked;
  const params = { points, want, lowest: {}, highest: { lr: null, ...highest }, stop_at: stopAt };
  const inputs = values.map((value, index) => {
    const notes = value === null ? ["The loss is not finite."] : [];
    const score = { metric: "auroc", value, perClass: null, classNames: [], nExamples: 9, nGroups: 9, epoch, notes };
    return [`scores.${String(index)}`, { kind: "score", value: score, origin: { op: "auroc", params: {} } }] as const;
  });
  return (await select.run({ ...contextFor(params), inputs: Object.fromEntries(inputs) })) as Choice;
}
