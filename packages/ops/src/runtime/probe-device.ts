import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Accelerator } from "./device.ts";
import { judgeProbe, softwareRenderer, vulkanDevice, type DeviceProbe } from "./judge-probe.ts";
import { nvidiaName } from "./nvidia-name.ts";
import type { ProbeEnd, ProbeMessage } from "./probe-messages.ts";
import { cudaEnvironment } from "./provider-settings.ts";

export interface ProbeOptions {
  /** Whether it is timed against the CPU. */
  readonly isTimed: boolean;
  /** Milliseconds after which it counts as hung. CUDA's libraries are gigabytes, which may have to come over a network. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

const usualLimit = 60_000;

/** The build puts it beside this file; a source file cannot be started. */
const probeEntry = new URL("./probe-main.js", import.meta.url);

/**
 * Tries a device out, in a process of its own: a driver that crashes or hangs takes nothing along. Never throws for what a
 * device does. A software renderer is known by its name and not timed, which could take minutes.
 */
export function probeDevice(device: Accelerator, options: ProbeOptions): Promise<DeviceProbe> {
  const { isTimed, limit = usualLimit, signal } = options;
  const messages: ProbeMessage[] = [];
  let stderr = "";
  const child = fork(fileURLToPath(probeEntry), [device, isTimed ? "timed" : "untimed"], {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
    env: { ...process.env, VK_LOADER_DEBUG: "layer", ...cudaEnvironment },
  });
  let cut: ProbeEnd | null = null;
  const end = (): void => {
    child.kill("SIGKILL");
  };
  const endIfSoftware = (): void => {
    const works = messages.some(({ say }) => say === "works");
    if (works && softwareRenderer.test(vulkanDevice(stderr) ?? "")) end();
  };
  const timer = setTimeout(() => {
    cut = { how: "ended", afterSeconds: limit / 1000 };
    end();
  }, limit);
  signal?.addEventListener("abort", end, { once: true });
  child.stderr?.on("data", (data: Buffer) => {
    stderr += data.toString();
    endIfSoftware();
  });
  child.on("message", (message) => {
    messages.push(message as ProbeMessage);
    endIfSoftware();
  });
  return new Promise((resolve) => {
    const finish = (how: ProbeEnd): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve(judgeProbe(device, { messages, stderr, end: cut ?? how }, device === "cuda" ? nvidiaName() : null));
    };
    child.on("error", () => {
      if (child.pid === undefined) finish({ how: "exited", code: null, signal: "not started" });
    });
    child.on("close", (code, ending) => {
      finish({ how: "exited", code, signal: ending });
    });
  });
}
