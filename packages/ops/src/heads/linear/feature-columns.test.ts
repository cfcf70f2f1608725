import { describe, expect, it } from "vitest";
import type { RowLayout } from "../../rows.ts";
import { choosePartNames } from "./feature-columns.ts";

const layoutOf = (...names: readonly string[]): RowLayout => ({
  parts: names.map((name) => ({ name, width: 4 })),
  defaultPart: names[0] ?? "",
});
const transformer = layoutOf("cls_1", "cls_2", "cls_3", "cls_4", "patch_mean");
const convolutional = layoutOf("spatial_mean");

describe("choosePartNames", () => {
  it("takes the class tokens of the last blocks, the oldest first, and the patch mean behind them", () => {
    expect(choosePartNames(transformer, { blocks: 1, avgpool: false, part: null })).toEqual(["cls_1"]);
    expect(choosePartNames(transformer, { blocks: 4, avgpool: true, part: null })).toEqual([
      ...["cls_4", "cls_3", "cls_2", "cls_1", "patch_mean"],
    ]);
  });

  it("takes the one part of a backbone without class tokens", () => {
    expect(choosePartNames(convolutional, { blocks: 1, avgpool: false, part: null })).toEqual(["spatial_mean"]);
  });

  it("takes the part that is named, in place of both", () => {
    expect(choosePartNames(transformer, { blocks: 4, avgpool: true, part: "cls_2" })).toEqual(["cls_2"]);
  });

  it.each([
    [transformer, { blocks: 5, avgpool: false, part: null }, "no cls_5; they have cls_1, cls_2"],
    [convolutional, { blocks: 4, avgpool: true, part: null }, "no cls_4, cls_3, cls_2, cls_1, patch_mean; they have"],
    [transformer, { blocks: 1, avgpool: false, part: "pooled" }, "no pooled; they have"],
  ])("refuses what the backbone does not give: %#", (layout, wanted, message) => {
    expect(() => choosePartNames(layout, wanted)).toThrow(message);
  });
});
