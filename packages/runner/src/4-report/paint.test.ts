import { expect, it } from "vitest";
import { wantsColour, wantsScreen } from "./paint.ts";

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ NO_COLOR: "" }, true, true],
  [{ CI: "true" }, true, false],
  [{ CI: "false" }, true, true],
  [{ TERM: "dumb" }, true, false],
  [{ FORCE_COLOR: "1", CI: "true" }, false, true],
  [{ FORCE_COLOR: "1", NO_COLOR: "1" }, false, true],
  [{ FORCE_COLOR: "0" }, true, false],
  [{ FORCE_COLOR: "" }, false, false],
])("with %o and a terminal: %s, colour is %s", (environment, isTerminal, expected) => {
  expect(wantsColour(environment, isTerminal)).toBe(expected);
});

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ CI: "1" }, true, false],
  [{ NO_COLOR: "1" }, true, false],
  [{ TERM: "dumb" }, true, false],
  [{ FORCE_COLOR: "1" }, false, false],
  [{ FORCE_COLOR: "0" }, true, true],
])("with %o and a terminal: %s, a live screen is %s", (environment, isTerminal, expected) => {
  expect(wantsScreen(environment, isTerminal)).toBe(expected);
});
