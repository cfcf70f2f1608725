import { expect, it } from "vitest";
import { unpairedSides } from "./unpaired-sides.ts";

it("finds the names that say left or right as a word", () => {
  const sided = ["left lung", "Right lung", "kidney-left", "kidney_right", "opacity (left)", "LEFT"];
  const others = ["bright", "cleft", "heart", "upright", "leftover"];
  expect(unpairedSides([...sided, ...others], [])).toEqual(sided);
});

it("leaves out what a pair has, and what is on both sides", () => {
  const names = ["left lung", "right lung", "left hilum", "both, left and right"];
  expect(unpairedSides(names, [["right lung", "left lung"]])).toEqual(["left hilum"]);
});
