import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeModel } from "../../onnx/write-model.ts";
import { openSession } from "../../runtime/session.ts";
import { hashedValues, hashedWeight } from "../../../../../tests/ops/reference/hashed-weights.ts";
import { findSoftwareVulkan, softwareVulkanEnvironment, withoutSoftwareVulkan } from "./software-vulkan.ts";
import { tinyGraphs, type TinyGraph } from "./tiny-graphs.ts";

const script = fileURLToPath(new URL("run-on-device.mjs", import.meta.url));

/** Of the largest value of an output. Between two orders of summing float32 it is 1e-6; TF32 or float16 would show. */
const mostDifference = 1e-3;

/** Shaders are compiled by a compiler in software first. */
const limit = 90_000;

interface Ran {
  readonly madeBy: string;
  readonly seconds: number;
  readonly results: Readonly<Record<string, readonly number[]>>;
}

const driver = findSoftwareVulkan();
if (driver === null) process.stderr.write(`\n${withoutSoftwareVulkan}\n\n`);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "exp-devices-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

// A process each: one that crashes or hangs is its own case's failure.
describe.skipIf(driver === null)("WebGPU gives what the CPU gives", () => {
  it.each(tinyGraphs)("on $name", { timeout: limit + 30_000 }, async (graph) => {
    const { model, request, answer, expected } = await prepare(graph);
    await promisify(execFile)(process.execPath, [script, "webgpu", model, request, answer], {
      env: { ...process.env, ...softwareVulkanEnvironment(driver!) },
      timeout: limit,
      killSignal: "SIGKILL",
    });
    const { madeBy, results } = JSON.parse(readFileSync(answer, "utf8")) as Ran;
    expect(madeBy).toMatch(/^webgpu onnxruntime /);
    expect(Object.keys(results).sort()).toEqual([...expected.keys()].sort());
    for (const [name, values] of expected)
      expect(differenceOf(values, results[name]!), name).toBeLessThan(mostDifference);
  });
});

/** Writes a graph and its input down, and computes what the CPU makes of them. */
async function prepare({ name, build, input }: TinyGraph) {
  const bytes = await writeModel(build(hashedWeight));
  const values = hashedValues(
    `input of ${name}`,
    input.dims.reduce((product, size) => product * size, 1),
  );
  const session = await openSession({ model: { data: bytes, name: null }, threads: 1 });
  const outputs = session.outputs.map((output) => output.name);
  const found = await session.run({ [input.name]: { data: Float32Array.from(values), dims: input.dims } }, outputs);
  await session.close();
  const [model, request, answer] = [
    join(folder, `${name}.onnx`),
    join(folder, `${name}.request`),
    join(folder, `${name}.answer`),
  ] as const;
  writeFileSync(model, bytes);
  writeFileSync(request, JSON.stringify({ input: input.name, dims: input.dims, values: [...values], outputs }));
  return { model, request, answer, expected: new Map([...found].map(([output, { data }]) => [output, data])) };
}

/** The largest difference over the largest value; infinite where they are not of one length, or a value is not finite. */
function differenceOf(expected: Float32Array, found: readonly number[]): number {
  if (expected.length !== found.length || !found.every(Number.isFinite)) return Number.POSITIVE_INFINITY;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return expected.reduce((most, value, at) => Math.max(most, Math.abs(value - found[at]!)), 0) / largest;
}
