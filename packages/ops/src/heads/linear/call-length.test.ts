import { expect, it } from "vitest";
import { aFifthOfASecond } from "./call-length.ts";

it("comes to a fifth of a second in a few calls", () => {
  expect(aFifthOfASecond(null)).toBe(4);
  expect(aFifthOfASecond({ steps: 4, milliseconds: 4 })).toBe(32);
  expect(aFifthOfASecond({ steps: 32, milliseconds: 32 })).toBe(200);
  expect(aFifthOfASecond({ steps: 200, milliseconds: 400 })).toBe(100);
  expect(aFifthOfASecond({ steps: 1, milliseconds: 5000 })).toBe(1);
});
