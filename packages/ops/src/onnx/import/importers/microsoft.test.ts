import { describe, expect, it } from "vitest";
import { readFusedNodes, type FusedNode } from "../../../../../../tests/ops/reference/fused-nodes-fixture.ts";
import { openSession } from "../../../runtime/session.ts";
import { differentiate } from "../../differentiate/differentiate.ts";
import { createGraphBuilder } from "../../graph-builder.ts";
import type { OnnxModel } from "../../onnx-model.ts";
import { writeModel } from "../../write-model.ts";
import { applyModel } from "../apply-model.ts";
import { modelOf, node } from "../import-testing/model-of.ts";
import { runApplied, type NamedValues } from "../import-testing/run-applied.ts";
import { microsoftImporters } from "./microsoft.ts";

const nodes = readFusedNodes();

function modelOfNode({ operator, domain, inputs, attributes, outputs }: FusedNode): OnnxModel {
  const names = inputs.map((input, place) => (input === null ? "" : `x${place}`));
  const plain = modelOf({
    opset: 23,
    inputs: inputsOf(inputs),
    nodes: [{ ...node(operator, names, outputs, attributes), domain }],
    outputs: named(outputs),
  });
  return { ...plain, opsetImport: [...(plain.opsetImport ?? []), { domain: "com.microsoft", version: 1 }] };
}

function inputsOf(inputs: FusedNode["inputs"]): NamedValues {
  return Object.fromEntries(inputs.flatMap((input, place) => (input === null ? [] : [[`x${place}`, input] as const])));
}

function named(outputs: readonly string[]): readonly string[] {
  return outputs.filter((name) => name !== "");
}

describe("gives what onnxruntime's own operators give", () => {
  it("has cases for every operator", () => {
    const tested = new Set(nodes.map(({ operator }) => operator));
    expect([...tested].sort()).toEqual([...microsoftImporters.keys()].sort());
  });

  it.each(nodes.map((each) => [`${each.operator}: ${each.name}`, each] as const))("%s", async (_, each) => {
    const tensors = named(each.outputs);
    const { results, foretold } = await runApplied(modelOfNode(each), { inputs: inputsOf(each.inputs), tensors });
    each.results.forEach(({ shape, values }, place) => {
      const { shape: found, values: ours } = results.get(tensors[place]!)!;
      expect(found).toEqual(shape);
      expect(foretold.get(tensors[place]!)!.shape).toEqual(shape);
      values.forEach((value, at) => {
        expect(Math.abs(ours[at]! - value), `${tensors[place]!} at ${at}`).toBeLessThan(
          1e-5 * Math.max(1, Math.abs(value)),
        );
      });
    });
  });
});

it("trains past a query that sees no key", async () => {
  const each = nodes.find(({ name }) => name === "a query that sees no key")!;
  const graph = createGraphBuilder();
  const inputs = each.inputs.map((input, place) =>
    input!.type === "bool" ? graph.constant(input!.values, input!) : graph.input(`x${place}`, input!.shape),
  );
  const byName = Object.fromEntries(inputs.map((input, place) => [`x${place}`, input]));
  const applied = applyModel(graph, modelOfNode(each), { file: "test.onnx", inputs: byName, tensors: ["y0"] });
  const moving = inputs.slice(0, 3);
  differentiate(graph, applied.get("y0")!, moving).forEach((gradient, place) => {
    graph.output(`g${place}`, gradient!);
  });
  const model = { data: await writeModel(graph.toModel("test")), name: null };
  const session = await openSession({ model, threads: 1, use: "network" });
  const feeds = each.inputs.slice(0, 3).map((input, place) => {
    return [`x${place}`, { data: Float32Array.from(input!.values), dims: input!.shape }] as const;
  });
  const results = await session.run(Object.fromEntries(feeds), ["g0", "g1", "g2"]);
  await session.close();
  const [ofQuery, ofKey, ofValue] = ["g0", "g1", "g2"].map((name) => [...results.get(name)!.data]);
  expect([ofQuery, ofKey, ofValue].flat().every(Number.isFinite)).toBe(true);
  // The second of three queries of either head sees nothing, the third one key alone, whose weight is 1 whatever it is.
  for (const head of [0, 1]) {
    const own = ofQuery!.slice(head * 12, head * 12 + 12).map(Math.abs);
    expect(Math.max(...own.slice(0, 4))).toBeGreaterThan(0);
    expect(Math.max(...own.slice(4))).toBeLessThan(1e-6);
  }
});

it("refuses masks and what decoders keep", () => {
  const each = nodes.find(({ operator, domain }) => operator === "MultiHeadAttention" && domain !== "")!;
  const mask = { type: "float32", shape: [2, 5], values: Array<number>(10).fill(1) } as const;
  const masked = { ...each, inputs: [...each.inputs.slice(0, 3), null, mask] };
  const graph = createGraphBuilder();
  const inputs = Object.fromEntries(
    Object.entries(inputsOf(masked.inputs)).map(([name, { shape }]) => [name, graph.input(name, shape)]),
  );
  const apply = (): unknown =>
    applyModel(graph, modelOfNode(masked), { file: "test.onnx", inputs, tensors: each.outputs });
  expect(apply).toThrow("masks keys, or keeps them for tokens to come");
});
