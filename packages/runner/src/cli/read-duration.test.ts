import { expect, it } from "vitest";
import { readDuration } from "./read-duration.ts";

it.each([
  ["90s", 90],
  ["0.5s", 0.5],
  ["30m", 1800],
  ["1h30m", 5400],
  ["2d", 172_800],
])("reads %s", (text, seconds) => {
  expect(readDuration("--task-time", text)).toBe(seconds);
});

it.each(["", "30", "m", "-5m", "5 m", "0s", "1h30", "1w"])('refuses "%s"', (text) => {
  expect(() => readDuration("--task-time", text)).toThrow(
    `--task-time takes a length of time, but was given "${text}".`,
  );
});
