import { expect, it } from "vitest";
import { aFifthOfASecond } from "./call-length.ts";

it("comes to a fifth of a second in a few calls, and never to more than fits", () => {
  const choose = aFifthOfASecond(300);
  expect(choose(null)).toBe(4);
  expect(choose({ steps: 4, milliseconds: 4 })).toBe(32);
  expect(choose({ steps: 32, milliseconds: 32 })).toBe(200);
  expect(choose({ steps: 200, milliseconds: 100 })).toBe(300);
  expect(choose({ steps: 200, milliseconds: 400 })).toBe(100);
  expect(choose({ steps: 1, milliseconds: 5000 })).toBe(1);
  expect(aFifthOfASecond(1)(null)).toBe(1);
});
