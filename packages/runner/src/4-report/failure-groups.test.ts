import { expect, it } from "vitest";
import { FailureGroups } from "./failure-groups.ts";

const failed = (message: string) => ({ failure: { code: "any", message, hint: null } });

it("tells the first failure of a reason, names three more, and counts the others at the end", () => {
  const groups = new FailureGroups();
  const tellings = Array.from({ length: 7 }, () => groups.add(failed("The disk is gone.\nIt was /dev/sdb.")));
  expect(tellings).toEqual(["full", "name", "name", "name", "later", "later", "later"]);
  expect(groups.add(failed("Another one."))).toBe("full");
  expect(groups.rest()).toEqual(["3 more tasks failed for this reason: The disk is gone."]);
});

it("has nothing left to say where everything was told", () => {
  const groups = new FailureGroups();
  expect(Array.from({ length: 4 }, (_, index) => groups.add(failed(String(index))))).toEqual(Array(4).fill("full"));
  expect(groups.rest()).toEqual([]);
});
