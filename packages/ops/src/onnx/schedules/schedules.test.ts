import { describe, expect, it } from "vitest";
import { readOptimisersFixture, type ScheduleSettings } from "../../../../../tests/ops/reference/optimisers-fixture.ts";
import { constantSchedule } from "./constant.ts";
import { cosineSchedule } from "./cosine.ts";
import { polynomialSchedule } from "./polynomial.ts";
import type { Schedule } from "./schedule.ts";
import { stepSchedule } from "./step.ts";
import { warmUp } from "./warm-up.ts";

function scheduleOf(settings: ScheduleSettings): Schedule {
  switch (settings.kind) {
    case "constant":
      return constantSchedule;
    case "cosine":
      return cosineSchedule(settings.steps);
    case "step":
      return stepSchedule(settings);
    case "polynomial":
      return polynomialSchedule(settings);
  }
}

describe("multiply rates with what torch's schedules do", () => {
  it.each(readOptimisersFixture().schedules)("$schedule", ({ schedule, factors }) => {
    const own = scheduleOf(schedule);
    const whole = schedule.warmUp === undefined ? own : warmUp(own, schedule.warmUp);
    expect(factors).toHaveLength(30);
    factors.forEach((factor, step) => expect(Math.abs(whole(step) - factor)).toBeLessThan(1e-14));
  });
});

it("warms up to 1, and then leaves all to a schedule that begins elsewhere", () => {
  const factor = warmUp((step) => 0.5 + step, { steps: 4, startFactor: 0.5 });
  expect([0, 1, 3, 4, 5].map(factor)).toEqual([0.5, 0.625, 0.875, 0.5, 1.5]);
});

it("goes from 1 along half a cosine", () => {
  const factor = cosineSchedule(100);
  const expected = [1, (1 + Math.SQRT1_2) / 2, 0.5, 0];
  [0, 25, 50, 100].forEach((step, place) => expect(factor(step)).toBeCloseTo(expected[place]!, 12));
});

it("stays where it is", () => {
  expect([0, 7].map(constantSchedule)).toEqual([1, 1]);
});
