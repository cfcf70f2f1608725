import { describe, expect, it } from "vitest";
import { backboneCodec, type BackboneModel } from "./backbone.ts";

const preprocessing = {
  input: "pixel_values",
  imageSize: 224,
  resizeTo: 256,
  resample: "pillow_bicubic",
  fit: "shorter-side",
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
} as const;

const fromFile: BackboneModel = {
  graph: { kind: "file", digest: "ab12", external: [{ location: "weights.bin", digest: "cd34" }] },
  preprocessing,
  outputs: [
    { tensor: "last_hidden_state", part: "cls_1", reduce: "class-token", prefixTokens: 0 },
    { tensor: "last_hidden_state", part: "patch_mean", reduce: "patch-mean", prefixTokens: 5 },
  ],
  layout: {
    parts: [
      { name: "cls_1", width: 384 },
      { name: "patch_mean", width: 384 },
    ],
    defaultPart: "cls_1",
  },
  precision: "float32",
};

describe("backboneCodec", () => {
  it.each<[string, BackboneModel]>([
    ["a file", fromFile],
    [
      "what the published study did to images",
      { ...fromFile, preprocessing: { ...preprocessing, rescale: "min_max", halfReads: true } },
    ],
    ["a graph of ours", { ...fromFile, graph: { kind: "inline", model: Uint8Array.of(8, 9, 0, 255) } }],
  ])("gives back %s", (_, backbone) => {
    expect(backboneCodec.decode(backboneCodec.encode(backbone))).toEqual(backbone);
  });

  it("writes nothing of the switches that are off", () => {
    const text = Buffer.from(backboneCodec.encode(fromFile)).toString("latin1");
    expect(text).toContain("deviation");
    expect(text).not.toMatch(/rescale|halfReads/);
  });

  it("refuses preprocessing without three channels", () => {
    const mean = [0.5] as unknown as readonly [number, number, number];
    const bytes = backboneCodec.encode({ ...fromFile, preprocessing: { ...preprocessing, mean } });
    expect(() => backboneCodec.decode(bytes)).toThrow(
      expect.objectContaining({ code: "artifact-damaged", message: expect.stringContaining('"mean"') as string }),
    );
  });
});
