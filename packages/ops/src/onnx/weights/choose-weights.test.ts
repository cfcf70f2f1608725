import { describe, expect, it } from "vitest";
import { OpError } from "../../op-error.ts";
import { elementTypes, type OnnxModel } from "../onnx-model.ts";
import { chooseWeights, fits, layerDecay, type WeightChoice } from "./choose-weights.ts";
import { listWeights } from "./list-weights.ts";

const names = ["patch.weight", "blocks.0.w", "blocks.0.bias", "blocks.10.w", "blocks.10.bias", "norm.bias", "head.w"];

/** A model that adds up its weights, and a moment. */
const model: OnnxModel = {
  graph: {
    initializer: [
      ...[...names, "norm.mean"].map((name) => ({ name, dims: [3], dataType: elementTypes.float32 })),
      { name: "scale", dims: [], dataType: elementTypes.float32 },
      { name: "sizes", dims: [], dataType: elementTypes.int64 },
    ],
    node: [
      ...[...names, "scale", "sizes"].map((name) => ({ opType: "Add", input: ["x", name], output: [`${name} added`] })),
      { opType: "BatchNormalization", input: ["x", "norm.bias", "norm.bias", "norm.mean", "norm.mean"], output: ["y"] },
    ],
  },
};

function choose(choice: WeightChoice) {
  return chooseWeights(listWeights(model), choice, "m.onnx");
}

function chosen(choice: WeightChoice): readonly string[] {
  return choose(choice).map(({ name }) => name);
}

function messageOf(choice: WeightChoice): string {
  try {
    choose(choice);
  } catch (error) {
    if (error instanceof OpError) return `${error.code}: ${error.message} ${String(error.hint)}`;
  }
  return "nothing was thrown";
}

describe("chooseWeights", () => {
  it("takes what a pattern fits, in the model's order", () => {
    expect(chosen({ train: ["*"] })).toEqual(names);
    expect(chosen({ train: ["head.w", "*.bias"] })).toEqual(["blocks.0.bias", "blocks.10.bias", "norm.bias", "head.w"]);
    expect(chosen({ train: ["blocks.1*"] })).toEqual(["blocks.10.w", "blocks.10.bias"]);
    expect(chosen({ train: [] })).toEqual([]);
  });

  it("leaves out what is frozen after all", () => {
    expect(chosen({ train: ["*"], freeze: ["blocks.*", "*.bias"] })).toEqual(["patch.weight", "head.w"]);
    expect(chosen({ train: ["head.w"], freeze: ["*"] })).toEqual([]);
  });

  it("takes a single number of a formula where it is named itself", () => {
    expect(chosen({ train: ["scale", "head.*"] })).toEqual(["head.w", "scale"]);
    expect(messageOf({ train: ["scal*"] })).toContain("no-such-weight");
    expect(messageOf({ train: ["sizes"] })).toContain("no-such-weight");
  });

  it("moves each weight as the first group that fits it says", () => {
    const groups = [
      { pattern: "*.bias", weightDecay: 0 },
      { pattern: "blocks.*", rateFactor: 0.5, weightDecay: 0.1 },
      { pattern: "patch*", rateFactor: 0 },
    ];
    const found = choose({ train: ["*"], groups });
    expect(found.map(({ name, rateFactor, weightDecay }) => [name, rateFactor, weightDecay])).toEqual([
      ["patch.weight", 0, null],
      ["blocks.0.w", 0.5, 0.1],
      ["blocks.0.bias", 1, 0],
      ["blocks.10.w", 0.5, 0.1],
      ["blocks.10.bias", 1, 0],
      ["norm.bias", 1, 0],
      ["head.w", 1, null],
    ]);
    expect(found[0]).toMatchObject({ shape: [3], type: "float32", role: "weight" });
  });

  it("says which pattern fits no weight, and what is near it", () => {
    expect(messageOf({ train: ["blocks.*", "haed.w"] })).toBe(
      'no-such-weight: m.onnx has no weight that fits "haed.w". Did you mean "head.w"? Weights of it that can be trained: ' +
        "patch.weight, blocks.0.w, blocks.0.bias, blocks.10.w, blocks.10.bias, ... (7). A * stands for any letters.",
    );
    expect(messageOf({ train: ["*"], freeze: ["layers.*.weight.gamma"] })).not.toContain("Did you mean");
    expect(messageOf({ train: ["head.w"], groups: [{ pattern: "blocks[0].*" }] })).toContain('fits "blocks[0].*"');
    // What a batch normalisation moves is no weight.
    expect(messageOf({ train: ["norm.mean"] })).toContain("no-such-weight");
  });
});

describe("fits", () => {
  it.each([
    ["a.b", "a.b", true],
    ["a.b", "axb", false],
    ["a*", "a", true],
    ["*b", "a\nb", true],
    ["a*c*e", "abcde", true],
    ["a*c*e", "abcdef", false],
    ["(a|b)+[c]$", "(a|b)+[c]$", true],
    ["(a|b)", "a", false],
    ["A", "a", false],
    ["", "a", false],
  ])("%j and %j: %s", (pattern, name, expected) => expect(fits(pattern, name)).toBe(expected));
});

describe("layerDecay", () => {
  // BEiT's `get_num_layer_for_vit`: the embedding is layer 0, block i layer i + 1 of depth + 2; the last keeps the rate.
  it("lowers the rate from layer to layer down to what comes before them", () => {
    const layers = ["blocks.0.", "blocks.1.", "blocks.10."];
    const groups = layerDecay(layers, ["patch*"], 0.5);
    expect(groups).toEqual([
      { pattern: "blocks.0.*", rateFactor: 0.125 },
      { pattern: "blocks.1.*", rateFactor: 0.25 },
      { pattern: "blocks.10.*", rateFactor: 0.5 },
      { pattern: "patch*", rateFactor: 0.0625 },
    ]);
    const present = groups.filter(({ pattern }) => pattern !== "blocks.1.*");
    const factors = choose({ train: ["*"], groups: present }).map(({ rateFactor }) => rateFactor);
    expect(factors).toEqual([0.0625, 0.125, 0.125, 0.5, 0.5, 1, 1]);
  });
});
