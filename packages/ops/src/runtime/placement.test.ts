import { expect, it } from "vitest";
import { listComputedOnCpu } from "./placement.ts";

const node = (op_name: string, provider: string, output: Readonly<Record<string, unknown>>, output_size: string) => ({
  cat: "Node",
  args: { op_name, provider, output_size, output_type_shape: [output] },
});

it("names what was computed on the CPU, and lets shapes be", () => {
  const cpu = "CPUExecutionProvider";
  const events = [
    { cat: "Session" },
    node("Conv", "WebGpuExecutionProvider", { float: [2, 64, 56, 56] }, "1605632"),
    node("Shape", cpu, { int64: [4] }, "32"),
    node("Gather", cpu, { int64: [100, 100] }, "80000"),
    node("Cast", cpu, { float: [2] }, "8"),
    node("LRN", cpu, { float: [2, 64, 56, 56] }, "1605632"),
    node("LRN", cpu, { float: [2, 64, 28, 28] }, "401408"),
  ];
  expect(listComputedOnCpu(events)).toEqual(["LRN"]);
});
