import { compile } from "@exp-lab/dsl";
import { builtinOps, presets } from "@exp-lab/ops";
import { expect, it } from "vitest";

const program = `exp 1
dataset drawn = phantoms {}
backbone supervised = vit_large_patch16_224 {}
backbone dino = dinov2_vitl14 {}
backbone cnn = resnet152 {}
backbone clip = clip_vit_l14 { norm: final }
head near = knn {}
head probe = linear { lr: 0.01 }
sweep s { dataset: drawn  backbone: [supervised, dino, cnn, clip]  head: [near, probe]  protocol: [corrected, baharoon2023_head] }
table "T" { from: s  rows: backbone, head, protocol  cells: test.auroc }
`;

it("prepares every backbone as published, and all alike under the study's protocol, whose networks of transformers have no norm", () => {
  const { diagnostics, graph } = compile({
    entry: "p.exp",
    readSource: () => program,
    signatures: builtinOps.map(({ signature }) => signature),
    presets,
    environment: {},
    settings: {},
  });
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const asked = (op: string): readonly unknown[] =>
    graph!.tasks
      .filter((task) => task.op === op)
      .map(({ params }) => ["resize_to", "fit", "resample", "norm", "mean"].map((name) => params[name]));
  const half = [0.5, 0.5, 0.5];
  const imageNet = [0.485, 0.456, 0.406];
  // -1: eight sevenths of the image's side, for nearest neighbours; -2: no crop.
  const study = (norm: string | undefined): readonly unknown[] => [
    [-1, "squash", "torch_bicubic", norm, imageNet],
    [-2, "squash", "torch_bicubic", norm, imageNet],
  ];
  expect(asked("vit_large_patch16_224")).toEqual([
    [null, "squash", "pillow_bilinear", "final", half],
    ...study("none"),
  ]);
  expect(asked("dinov2_vitl14")).toEqual([
    [null, "shorter_side", "pillow_bicubic", "final", imageNet],
    ...study("final"),
  ]);
  expect(asked("resnet152")).toEqual([
    [null, "shorter_side", "pillow_bilinear", undefined, imageNet],
    ...study(undefined),
  ]);
  // What a program writes itself, it keeps.
  expect(asked("clip_vit_l14").map((params) => (params as readonly unknown[])[3])).toEqual(["final", "final", "final"]);
});
