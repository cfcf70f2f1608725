import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { rules } from "./rules.ts";

test("every file of this folder that holds a rule is in the list", () => {
  const others = ["rule.ts", "rules.ts", "rules.test.ts"];
  const files = readdirSync(import.meta.dirname).filter((file) => !others.includes(file));
  expect(new Set(rules).size).toBe(files.length);
});
