import { expect, it } from "vitest";
import { constantSchedule } from "./constant.ts";
import { cosineSchedule } from "./cosine.ts";

it("goes from 1 along half a cosine", () => {
  const factor = cosineSchedule(100);
  const expected = [1, (1 + Math.SQRT1_2) / 2, 0.5, 0];
  [0, 25, 50, 100].forEach((step, place) => expect(factor(step)).toBeCloseTo(expected[place]!, 12));
});

it("stays where it is", () => {
  expect([0, 7].map(constantSchedule)).toEqual([1, 1]);
});
