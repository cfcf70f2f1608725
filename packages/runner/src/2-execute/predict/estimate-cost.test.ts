import { describe, expect, it, test } from "vitest";
import { estimateCost, median } from "./estimate-cost.ts";
import { measureError } from "./measure-error.ts";
import { samplePast, sampleTraits } from "./sample-history.ts";

describe("an estimate", () => {
  const sameRecipe = { params: { epochs: 100 } };
  const history = [
    samplePast(1, 7, { name: "asked before", ...sameRecipe }),
    samplePast(1, 4, sameRecipe),
    samplePast(1, 5, sameRecipe),
    samplePast(2, 60, sameRecipe),
    samplePast(2, 8, { params: { epochs: 200 } }),
    samplePast(2, 90, { params: { epochs: 4000 } }),
    samplePast(2, 500, { ...sameRecipe, version: 0 }),
  ];

  it("goes by the same question where it was asked before", () => {
    const traits = sampleTraits({ name: "asked before", ...sameRecipe });
    expect(estimateCost(traits, history)).toMatchObject({ basis: "question", seconds: 7, storedBytes: 70 });
  });

  it("else by the middle of the same recipe, which one slow afternoon does not move", () => {
    const estimate = estimateCost(sampleTraits(sameRecipe), history);
    expect(estimate?.basis).toBe("recipe");
    expect(estimate?.seconds).toBeCloseTo(Math.sqrt(5 * 7));
  });

  it("else by the nearest parameters of the same version", () => {
    const others = [150, 210, 220, 230, 240].map((epochs) => samplePast(3, epochs, { params: { epochs } }));
    const estimate = estimateCost(sampleTraits({ params: { epochs: 225 } }), [...history, ...others]);
    expect(estimate).toMatchObject({ basis: "nearest" });
    // 220, 230, 240, 210 and 200 epochs.
    expect(estimate?.seconds).toBe(220);
  });

  it("goes by inputs of about the same size before others of the same recipe", () => {
    const sized = [1, 2, 3].flatMap((run) => [
      samplePast(run, run, { ...sameRecipe, inputBytes: 1000 }),
      samplePast(run, 100 * run, { ...sameRecipe, inputBytes: 100_000 }),
    ]);
    expect(estimateCost(sampleTraits({ ...sameRecipe, inputBytes: 110_000 }), sized)).toMatchObject({
      ...{ basis: "recipe", seconds: 200 },
    });
    expect(estimateCost(sampleTraits({ ...sameRecipe, inputBytes: null }), sized)?.basis).toBe("nearest");
  });

  it("goes by another version only where there is nothing else", () => {
    const traits = sampleTraits({ ...sameRecipe, version: 9 });
    expect(estimateCost(traits, history)).toMatchObject({ basis: "op", seconds: 8 });
    expect(estimateCost(traits, [])).toBeNull();
  });

  it("counts a fused call once, however many tasks it had", () => {
    const call = Array.from({ length: 40 }, (_, index) =>
      samplePast(1, 0.01, { name: `member ${String(index)}`, ...sameRecipe, members: 40 }),
    );
    const others = [1, 2].map((run) => samplePast(run, 1, { ...sameRecipe, members: 40 }));
    const traits = sampleTraits({ ...sameRecipe, members: 40 });
    expect(estimateCost(traits, [...call, ...others])?.seconds).toBe(1);
  });

  it("is no better than it is asked to be", () => {
    const estimate = estimateCost(sampleTraits({ name: "asked before", ...sameRecipe }), history, {
      finest: "nearest",
    });
    expect(estimate?.basis).toBe("nearest");
    // Of 200 and 4,000 epochs: nothing of the same recipe.
    expect(estimate?.seconds).toBeCloseTo(Math.sqrt(8 * 90));
  });
});

describe("the error of a prediction", () => {
  const fit = { params: { epochs: 100 } };

  it("is that of each run's tasks, predicted from the other runs", () => {
    // Each run at half the speed of the one before: of three tasks and two, the middle is one of the three.
    const history = [1, 2, 3].flatMap((run) =>
      [0, 1, 2].map((number) => samplePast(run, 5 * 2 ** run, { name: `${String(run)} ${String(number)}`, ...fit })),
    );
    const group = { basis: "recipe", predicted: 50, history } as const;
    expect(measureError([group], "seconds")).toEqual({ factor: 2, runs: 3 });
  });

  it("weighs the ops as the plan does", () => {
    const steady = [1, 2].flatMap((run) => [samplePast(run, 10, fit), samplePast(run, 10.001, fit)]);
    const wild = [1, 2].map((run) => samplePast(run, run === 1 ? 1 : 9, fit));
    const errorOf = (ofSteady: number, ofWild: number): number | undefined =>
      measureError(
        [
          { basis: "recipe", predicted: ofSteady, history: steady },
          { basis: "recipe", predicted: ofWild, history: wild },
        ],
        "seconds",
      )?.factor;
    expect(errorOf(1000, 1)).toBeCloseTo(1, 2);
    expect(errorOf(1, 1000)).toBeCloseTo(9, 1);
  });

  it("within a single run is that of its calls, predicted from each other", () => {
    const history = [1, 2, 4].map((seconds) => samplePast(1, seconds, fit));
    // 1 from 2 and 4, 2 from 1 and 4, 4 from 1 and 2: 7 seconds in place of 2.83 + 2 + 1.41.
    const error = measureError([{ basis: "recipe", predicted: 1, history }], "seconds");
    expect(error?.runs).toBe(1);
    expect(error?.factor).toBeCloseTo(7 / (Math.sqrt(8) + 2 + Math.sqrt(2)));
  });

  it("is that of estimates that rest on no more than the plan's do", () => {
    const history = [1, 2, 3, 4].flatMap((run) =>
      [100, 1000].map((epochs) =>
        samplePast(run, epochs / 10, { name: `${String(run)} ${String(epochs)}`, params: { epochs } }),
      ),
    );
    expect(measureError([{ basis: "recipe", predicted: 1, history }], "seconds")?.factor).toBe(1);
    const far = measureError([{ basis: "nearest", predicted: 1, history }], "seconds");
    // What took 110 is predicted to take 110 in all, though either part is off by 10: sums are what a plan is about.
    expect(far?.factor).toBe(1);
    const low = history.filter(({ traits }) => traits.params.get("epochs") === 100 || traits.fingerprint === "1 1000");
    expect(measureError([{ basis: "nearest", predicted: 1, history: low }], "seconds")?.factor).toBeGreaterThan(2);
  });

  it("is not known where less than half of what is predicted can be tried", () => {
    const history = [samplePast(1, 10, fit), samplePast(2, 10, fit)];
    const once = [samplePast(1, 10, fit)];
    const known = { basis: "recipe", predicted: 40, history } as const;
    const unknown = { basis: "recipe", predicted: 60, history: once } as const;
    expect(measureError([known, unknown], "seconds")).toBeNull();
    expect(
      measureError(
        [
          { ...known, predicted: 60 },
          { ...unknown, predicted: 40 },
        ],
        "seconds",
      )?.factor,
    ).toBe(1);
    expect(measureError([], "seconds")).toBeNull();
  });
});

test("the middle of an even number of values lies between them by their logarithms", () => {
  expect(median([1, 100])).toBe(10);
  expect(median([3, 1, 2])).toBe(2);
});
