import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findExternalFiles, mayHaveExternalFiles } from "./external-files.ts";
import type { OnnxModel, OnnxTensor } from "./onnx-model.ts";
import { writeModel } from "./write-model.ts";

let root: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "external-")));
  await mkdir(join(root, "model", "parts"), { recursive: true });
  await writeFile(join(root, "secret.bin"), "secret");
  await writeFile(join(root, "model", "weights.bin"), "w");
  await writeFile(join(root, "model", "parts", "more.bin"), "m");
});

afterEach(() => rm(root, { recursive: true }));

const externalTensor = (location: string): OnnxTensor => ({
  dataLocation: 1,
  externalData: [
    { key: "location", value: location },
    { key: "offset", value: "0" },
  ],
});

const modelOf = (...locations: readonly string[]): OnnxModel => ({
  graph: { initializer: locations.map(externalTensor) },
});

it("finds each file once, sorted, also in constants and in subgraphs", async () => {
  const branch = { name: "then_branch", g: { initializer: [externalTensor("parts/more.bin")] } };
  const constant = { name: "value", t: externalTensor("weights.bin") };
  const model: OnnxModel = { graph: { ...modelOf("weights.bin").graph, node: [{ attribute: [branch, constant] }] } };
  expect(await findExternalFiles(model, join(root, "model", "m.onnx"))).toEqual([
    { location: "parts/more.bin", path: join(root, "model", "parts", "more.bin") },
    { location: "weights.bin", path: join(root, "model", "weights.bin") },
  ]);
});

it("tells from the bytes alone whether a model may keep weights elsewhere, also across the chunks it reads", async () => {
  const model = join(root, "model", "m.onnx");
  await writeFile(model, await writeModel(modelOf("weights.bin")));
  expect(await mayHaveExternalFiles(model)).toBe(true);
  // The key lies over the end of the first MiB that is read.
  for (const before of [(1 << 20) - 5, (1 << 20) - 1]) {
    await writeFile(model, Buffer.concat([Buffer.alloc(before), await writeModel(modelOf("weights.bin"))]));
    expect(await mayHaveExternalFiles(model)).toBe(true);
  }
  await writeFile(model, await writeModel({ graph: { initializer: [{ name: "w", rawData: Buffer.alloc(3 << 20) }] } }));
  expect(await mayHaveExternalFiles(model)).toBe(false);
});

it("never leaves the model's folder", async () => {
  await symlink(join(root, "secret.bin"), join(root, "model", "innocent.bin"));
  const outside = [
    "../secret.bin",
    "parts/../../secret.bin",
    "..\\secret.bin",
    join(root, "model", "weights.bin"),
    "innocent.bin",
  ];
  for (const location of outside) {
    await expect(findExternalFiles(modelOf(location), join(root, "model", "m.onnx")), location).rejects.toMatchObject({
      code: "onnx-external-outside",
    });
  }
});

it("names a file that is missing", async () => {
  const finding = findExternalFiles(modelOf("lost.bin"), join(root, "model", "m.onnx"));
  await expect(finding).rejects.toMatchObject({ code: "onnx-external-missing" });
  await expect(finding).rejects.toThrow('"lost.bin"');
});
