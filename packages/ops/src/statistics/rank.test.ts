import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";
import { rankingCodec, type Ranking } from "../artifacts/ranking.ts";
import type { Score } from "../artifacts/score.ts";
import { rank } from "./rank.ts";

const fixture = new URL("../../../../tests/ops/reference/statistics_tests.json", import.meta.url);
const { friedman } = JSON.parse(readFileSync(fixture, "utf8")) as {
  readonly friedman: readonly { readonly scores: readonly (readonly number[])[] }[];
};
const demsar = friedman[0]?.scores ?? [];

describe("rank", () => {
  it("gives Demsar's worked example", async () => {
    const found = await rankAll(demsar);
    expect(found.averageRanks.map((each) => each.toFixed(3))).toEqual(["3.143", "2.000", "2.893", "1.964"]);
    expect(found.criticalDifference?.toFixed(2)).toBe("1.25");
    // 3.143 - 2.000 is less than 1.25: Nemenyi's test does not find what a test against one control finds.
    expect(found).toMatchObject({ cliques: [[3, 1, 2, 0]], nDatasets: 14, notes: [] });
    expect(found.p).toBeLessThan(0.05);
    expect(rankingCodec.decode(rankingCodec.encode(found))).toEqual(found);
  });

  it("has no critical difference below eight data sets", async () => {
    const found = await rankAll(demsar.map((row) => row.slice(0, 7)));
    expect(found).toMatchObject({ nDatasets: 7, criticalDifference: null, cliques: [] });
    expect(found.averageRanks).toHaveLength(4);
    expect(found.notes).toEqual(["There is no critical difference: it takes 8 data sets at least, and 7 were ranked."]);
  });

  it("ranks no data set on which a row has no score, or averages over other classes", async () => {
    const found = await rankAll(demsar, (score, row, dataset) => {
      if (row === 1 && dataset === 3) return { ...score, value: null };
      const perClass = row === 2 && dataset === 5 ? [0.9, null] : [0.9, 0.8];
      return { ...score, perClass, classNames: ["a", "b"] };
    });
    const without = await rankAll(demsar.map((row) => row.filter((_, dataset) => dataset !== 3 && dataset !== 5)));
    expect(found).toEqual({
      ...without,
      notes: [
        "1 data sets are not ranked: a row has no score there.",
        "1 data sets are not ranked: rows average over different classes there.",
      ],
    });
  });

  it("averages the answers of a row on a data set", async () => {
    const scores = [0.2, 0.6, 0.5].map((value) => scoreOf(value));
    const found = await runRank(scores, [[[0, 1]], [[2]]]);
    expect(found.averageRanks).toEqual([2, 1]);
  });
});

function rankAll(
  rows: readonly (readonly number[])[],
  change: (score: Score, row: number, dataset: number) => Score = (score) => score,
): Promise<Ranking> {
  const width = rows[0]?.length ?? 0;
  const scores = rows.flatMap((row, at) => row.map((value, dataset) => change(scoreOf(value), at, dataset)));
  return runRank(
    scores,
    rows.map((row, at) => row.map((_, dataset) => [at * width + dataset])),
  );
}

async function runRank(scores: readonly Score[], cells: readonly (readonly (readonly number[])[])[]): Promise<Ranking> {
  const inputs = scores.map((value, index) => {
    return [`scores.${String(index)}`, { kind: "score", value, origin: { op: "auroc", params: {} } }] as const;
  });
  return (await rank.run({ ...contextFor({ cells, want: "max" }), inputs: Object.fromEntries(inputs) })) as Ranking;
}

function scoreOf(value: number): Score {
  const rest = { perClass: null, classNames: [], nExamples: 9, nGroups: 9, epoch: null, notes: [] };
  return { metric: "auroc", value, ...rest };
}
