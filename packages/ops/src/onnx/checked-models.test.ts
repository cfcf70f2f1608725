import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readNetworkGraph, readNetworks } from "../../../../tests/ops/reference/network-fixture.ts";
import { openSession } from "../runtime/session.ts";
import { makeCheckedModels } from "./checked-models/checked-models.ts";
import type { ExportedNetwork, ExportedNetworks } from "./checked-models/network-models.ts";
import { readModel } from "./read-model.ts";
import { writeModel } from "./write-model.ts";

/** The digests of those that ONNX's own checker and strict shape inference had nothing against. */
const file = new URL("../../../../tests/ops/reference/checked_models.json", import.meta.url);
const checked = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, string>>;

const folder = process.env["EXP_CHECKED_MODELS"];
const renewal = `ONNX's checker has not seen these bytes. Let it see them:
  UPDATE=1 EXP_CHECKED_MODELS=FOLDER npx vitest run packages/ops/src/onnx/checked-models.test.ts
  python tests/ops/reference/check_models.py FOLDER`;

const models = makeCheckedModels(await readExported());
const written = await Promise.all([...models].map(async ([name, model]) => [name, await writeModel(model)] as const));

describe("models that ONNX's checker passed", () => {
  it("are those that there are", () => {
    if (isUpdate()) return;
    expect(Object.keys(checked).sort(), renewal).toEqual([...models.keys()].sort());
  });

  it.each(written)("%s", async (name, bytes) => {
    const session = await openSession({ model: { data: bytes, name: null }, threads: 1, use: "network" });
    expect(session.outputs.map((output) => output.name)).toEqual(
      (models.get(name)?.graph.output ?? []).map((output) => output.name),
    );
    await session.close();
    if (isUpdate()) writeFileSync(join(writtenTo(), `${name}.onnx`), bytes);
    else expect(createHash("sha256").update(bytes).digest("hex"), renewal).toBe(checked[name]);
  });

  it("are written the same each time", async () => {
    const again = makeCheckedModels(await readExported());
    for (const [name, bytes] of written)
      expect(Buffer.compare(await writeModel(again.get(name)!), bytes), name).toBe(0);
  });
});

async function readExported(): Promise<ExportedNetworks> {
  const networks = readNetworks();
  const exported = async (name: string, exporter: string): Promise<ExportedNetwork> => {
    const network = networks.find((each) => each.name === name)!;
    const model = await readNetworkGraph(network, exporter, readModel);
    const { image, loss, batchNorm } = network;
    return { name, model, image, isDense: loss === "dice-cross-entropy", movesMoments: batchNorm === "training" };
  };
  return {
    vit: await exported("vit", "torchscript"),
    clip: await exported("clip_vit", "torchscript"),
    resnet: await exported("resnet", "torchscript"),
    densenet: await exported("densenet", "dynamo"),
    unet: await exported("unet", "torchscript"),
  };
}

function isUpdate(): boolean {
  return process.env["UPDATE"] === "1" && folder !== undefined;
}

function writtenTo(): string {
  mkdirSync(folder!, { recursive: true });
  return folder!;
}
