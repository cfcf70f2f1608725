import { expect, it } from "vitest";
import type { LackEvidence } from "./device-lack.ts";
import { judgeProbe } from "./judge-probe.ts";
import type { ProbeEnd, ProbeMessage } from "./probe-messages.ts";

const ended: ProbeEnd = { how: "exited", code: 0, signal: null };
const crashed: ProbeEnd = { how: "exited", code: null, signal: "SIGSEGV" };
const killed: ProbeEnd = { how: "exited", code: null, signal: "SIGKILL" };
const hung: ProbeEnd = { how: "ended", afterSeconds: 60 };
const works: ProbeMessage = { say: "works" };
const timed: ProbeMessage = { say: "timed", seconds: 0.01, cpuSeconds: 0.1 };

/** As Vulkan's loader says it under `VK_LOADER_DEBUG=layer`. */
const using = (name: string): string => `LAYER:   Using "${name}" with driver: "/usr/lib/lib.so"\n`;

it("takes a device that works, with its name and times", () => {
  const report = { messages: [works, timed], stderr: using("NVIDIA L4"), end: ended };
  const times = { seconds: 0.01, cpuSeconds: 0.1 };
  expect(judgeProbe("webgpu", report, null)).toEqual({
    isUsable: true,
    name: "NVIDIA L4",
    isSoftware: false,
    timed: times,
  });
  expect(judgeProbe("cuda", { ...report, stderr: "" }, "NVIDIA H100")).toMatchObject({ name: "NVIDIA H100" });
});

it.each(["SwiftShader Device (Subzero)", "llvmpipe (LLVM 15.0.6, 256 bits)", "Microsoft Basic Render Driver"])(
  "knows %s for software, which is ended before it is timed",
  (name) => {
    const report = { messages: [works], stderr: using(name), end: killed };
    expect(judgeProbe("webgpu", report, null)).toMatchObject({ isUsable: true, isSoftware: true, timed: null });
  },
);

it.each([
  [[], crashed, "crashed (SIGSEGV)"],
  [[works], crashed, "crashed (SIGSEGV)"],
  [[], hung, "did not answer within 60 s"],
  [[works], hung, "did not answer within 60 s"],
] as const)("counts %j and then %j as a fault", (messages, end, found) => {
  const probe = judgeProbe("webgpu", { messages, stderr: using("NVIDIA L4"), end }, null);
  expect(probe).toMatchObject({ isUsable: false, lack: { isFault: true } });
  expect(probe.isUsable ? "" : probe.lack.found).toContain(found);
});

it("tells what is not there from what is there and does not work", () => {
  const judge = (device: "cuda" | "webgpu", evidence: Partial<LackEvidence>) => {
    const whole: LackEvidence = { platform: "linux-x64", hasProvider: true, missing: [], said: "" };
    const messages: readonly ProbeMessage[] = [{ say: "lacks", evidence: { ...whole, ...evidence } }];
    return judgeProbe(device, { messages, stderr: "", end: ended }, null);
  };
  expect(judge("cuda", { hasProvider: false })).toMatchObject({ lack: { isFault: false } });
  expect(judge("cuda", { missing: ["libcudnn.so.9"] })).toMatchObject({ lack: { isFault: true } });
  expect(judge("webgpu", { missing: ["libvulkan.so.1"] })).toMatchObject({ lack: { isFault: false } });
  expect(judge("webgpu", { said: "No supported adapters" })).toMatchObject({ lack: { isFault: false } });
});
