import { describe, expect, it } from "vitest";
import { chooseFeatureParts, type FeatureRequest } from "./feature-parts.ts";

const request = (dims: readonly number[], others: Partial<FeatureRequest> = {}): FeatureRequest => ({
  tensor: "y",
  dims,
  reduce: "auto",
  prefixTokens: null,
  file: "m.onnx",
  ...others,
});

describe("chooseFeatureParts", () => {
  it.each<[string, FeatureRequest, readonly string[]]>([
    ["a vector", request([2, 192]), ["features:none:0:192"]],
    ["a map", request([2, 512, 13, 13]), ["spatial_mean:spatial-mean:0:512"]],
    ["tokens after a class token", request([2, 197, 192]), ["cls_1:class-token:0:192", "patch_mean:patch-mean:1:192"]],
    ["tokens without a class token", request([2, 196, 192]), ["patch_mean:patch-mean:0:192"]],
    [
      "tokens after registers",
      request([2, 261, 8], { prefixTokens: 5 }),
      ["cls_1:class-token:0:8", "patch_mean:patch-mean:5:8"],
    ],
    ["the class token alone", request([2, 261, 8], { reduce: "class_token" }), ["cls_1:class-token:0:8"]],
    ["the patches alone", request([2, 197, 8], { reduce: "patch_mean" }), ["patch_mean:patch-mean:1:8"]],
  ])("reads %s", (_, wanted, expected) => {
    const { outputs, layout } = chooseFeatureParts(wanted);
    const described = outputs.map(({ tensor, part, reduce, prefixTokens }, index) => {
      expect(tensor).toBe("y");
      expect(layout.parts[index]?.name).toBe(part);
      return `${part}:${reduce}:${String(prefixTokens)}:${String(layout.parts[index]?.width)}`;
    });
    expect(described).toEqual(expected);
    expect(layout.defaultPart).toBe(layout.parts[0]?.name);
  });

  it.each<[string, FeatureRequest, string, string]>([
    ["too few axes", request([192]), "features-rank", "[192]"],
    ["tokens of unclear meaning", request([2, 261, 8]), "tokens-unclear", "prefix_tokens"],
    ["more prefix tokens than tokens", request([2, 4, 8], { prefixTokens: 4 }), "tokens-unclear", "4 tokens"],
    ["a class token among patches only", request([2, 196, 8], { reduce: "tokens" }), "class-token-absent", "196"],
    ["a map with its channels last", request([2, 7, 7, 768]), "map-not-square", "channels seem to come last"],
    ["a map that is not square", request([2, 8, 7, 9]), "map-not-square", "[2, 8, 7, 9]"],
    ["a reduction of other axes", request([2, 8, 7, 7], { reduce: "class_token" }), "reduce-rank", "spatial_mean"],
  ])("refuses %s", (_, wanted, code, words) => {
    let error: unknown;
    try {
      chooseFeatureParts(wanted);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code });
    expect(`${(error as Error).message} ${(error as { hint: string | null }).hint ?? ""}`).toContain(words);
  });
});
