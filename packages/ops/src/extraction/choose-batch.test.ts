import { expect, it } from "vitest";
import { chooseBatch } from "./choose-batch.ts";

it("takes fewer of larger images, and never one alone", () => {
  expect([28, 158, 224, 518, 4096].map((side) => chooseBatch("cpu", side))).toEqual([4, 4, 2, 2, 2]);
  expect([224, 448, 518, 1024, 4096].map((side) => chooseBatch("webgpu", side))).toEqual([32, 32, 23, 6, 2]);
});
