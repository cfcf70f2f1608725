import { describe, expect, it } from "vitest";
import { nearestNames } from "./did-you-mean.ts";

describe("nearestNames", () => {
  it.each([
    ["backbon", "backbone"],
    ["bakcbone", "backbone"],
    ["Momentum", "momentum"],
    ["image-size", "image_size"],
    ["epoch", "epochs"],
    ["lr_", "lr"],
  ])("finds for %s the name %s", (name, expected) => {
    expect(nearestNames(name, ["backbone", "momentum", "image_size", "epochs", "lr", "seed"])[0]).toBe(expected);
  });

  it("puts the nearest first, equally near ones by code unit, three at most, each once", () => {
    expect(nearestNames("probe", ["prob", "probes", "prone", "robe", "probe_a", "prob"])).toEqual([
      "prob",
      "probes",
      "prone",
    ]);
  });

  it("finds nothing where every letter is wrong, or the name itself", () => {
    expect(nearestNames("a", ["b", "c"])).toEqual([]);
    expect(nearestNames("knn", ["linear", "knn"])).toEqual([]);
  });

  it("counts a swap of neighbours as one mistake", () => {
    expect(nearestNames("nkn", ["knn", "nxx"])).toEqual(["knn"]);
  });

  it("does not spend time on names that no one wrote", () => {
    expect(nearestNames("x".repeat(100_000), ["x".repeat(99_999)])).toEqual([]);
  });
});
