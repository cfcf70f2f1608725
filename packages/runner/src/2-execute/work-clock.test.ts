import { expect, test } from "vitest";
import { ratesUnder, WorkClock } from "./work-clock.ts";

test("calls go at full speed while there are cores, and share them after that", () => {
  expect(ratesUnder({ singles: 2, spreads: 0, cores: 4 })).toEqual({ single: 1, spread: 0 });
  expect(ratesUnder({ singles: 0, spreads: 1, cores: 4 })).toEqual({ single: 1, spread: 1 });
  expect(ratesUnder({ singles: 1, spreads: 1, cores: 4 })).toEqual({ single: 1, spread: 0.75 });
  expect(ratesUnder({ singles: 0, spreads: 2, cores: 4 })).toEqual({ single: 1, spread: 0.5 });
  expect(ratesUnder({ singles: 1, spreads: 1, cores: 1 })).toEqual({ single: 0.5, spread: 0.5 });
});

test("a call is noted with the time that it would have taken alone", () => {
  let now = 0;
  const clock = new WorkClock(2, () => now);
  const first = clock.begin(true);
  now = 1000;
  const second = clock.begin(true);
  now = 3000;
  const single = clock.begin(false);
  expect(clock.end(first)).toBeCloseTo(2);
  now = 4000;
  expect(clock.end(single)).toBeCloseTo(1);
  now = 6000;
  // Beside one like it, beside a single call, alone.
  expect(clock.end(second)).toBeCloseTo(1 + 0.5 + 2);
});
