import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { expect, it } from "vitest";
import { differentiate } from "../onnx/differentiate/differentiate.ts";
import { createGraphBuilder } from "../onnx/graph-builder.ts";
import { executionOrder } from "../onnx/memory/execution-order.ts";
import { gelu, relu } from "../onnx/operators/activations.ts";
import { add, multiply, subtract } from "../onnx/operators/arithmetic.ts";
import { matMul } from "../onnx/operators/products.ts";
import { sum } from "../onnx/operators/reductions.ts";
import { writeModel } from "../onnx/write-model.ts";

/** Four layers with a way around each two of them, trained by one step. */
function trainingGraph() {
  const graph = createGraphBuilder();
  const x = graph.input("x", [3, 4]);
  const weights = [0, 1, 2, 3].map((layer) => graph.input(`w${String(layer)}`, [4, 4]));
  const [first, second, third, fourth] = weights;
  const middle = add(graph, x, matMul(graph, gelu(graph, matMul(graph, x, first!)), second!));
  const last = add(graph, middle, matMul(graph, relu(graph, matMul(graph, middle, third!)), fourth!));
  const loss = sum(graph, multiply(graph, last, last), [0, 1]);
  const gradients = differentiate(graph, loss, weights);
  const moved = weights.map((weight, place) =>
    subtract(graph, weight, multiply(graph, gradients[place]!, graph.scalar(0.01))),
  );
  moved.forEach((tensor, place) => graph.output(`after:w${String(place)}`, tensor));
  graph.output("loss", loss);
  return { graph, outputs: [...moved, loss] };
}

it("is onnxruntime's own, node for node", async () => {
  const { graph, outputs } = trainingGraph();
  const folder = mkdtempSync(join(tmpdir(), "exp-order-"));
  const session = await InferenceSession.create(await writeModel(graph.toModel("step")), {
    graphOptimizationLevel: "disabled",
    intraOpNumThreads: 1,
    enableProfiling: true,
    profileFilePrefix: join(folder, "run"),
  });
  const feeds = Object.fromEntries(
    session.inputNames.map((name) => {
      const dims = name === "x" ? [3, 4] : [4, 4];
      const values = Float32Array.from({ length: dims[0]! * 4 }, (_, at) => Math.sin(at));
      return [name, new Tensor("float32", values, dims)] as const;
    }),
  );
  await session.run(feeds);
  session.endProfiling();
  await session.release();
  const [file] = readdirSync(folder);
  const events = JSON.parse(readFileSync(join(folder, file!), "utf8")) as {
    readonly cat: string;
    readonly name: string;
  }[];
  rmSync(folder, { recursive: true });
  const ran = events.flatMap(({ cat, name }) =>
    cat === "Node" && name.endsWith("_kernel_time") ? [name.slice(0, -"_kernel_time".length)] : [],
  );
  expect(ran.length).toBeGreaterThan(20);
  expect(executionOrder(graph.nodes, outputs).map(({ name }) => name)).toEqual(ran);
});
