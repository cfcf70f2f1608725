import { spawn } from "node:child_process";
import { join } from "node:path";

export interface ExpRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Of the whole process, its start included. */
  readonly seconds: number;
}

/** Runs the real command line in a process of its own. */
export function runExp(root: string, argv: readonly string[]): Promise<ExpRun> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, [join(root, "packages/runner/bin/exp.js"), ...argv], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
    child.on("error", reject);
    child.on("close", (exitCode) => {
      resolve({ exitCode, stdout, stderr, seconds: (performance.now() - started) / 1000 });
    });
  });
}

/** An event of `exp run --json`, as far as benchmarks read it. */
export interface JsonEvent {
  readonly event: string;
  readonly op?: string;
  readonly outcome?: string;
  readonly seconds?: number;
  readonly forwardPasses?: number;
  readonly summary?: { readonly forwardPasses: number; readonly failed: number; readonly computed: number };
}

/** @throws where the run did not end well: a benchmark of a failed run would be a wrong figure */
export async function runJson(root: string, argv: readonly string[]): Promise<readonly JsonEvent[]> {
  const { exitCode, stdout, stderr } = await runExp(root, ["run", ...argv, "--json"]);
  if (exitCode !== 0)
    throw new Error(`exp run ${argv.join(" ")} ended with ${String(exitCode)}:\n${stderr}\n${stdout.slice(-2000)}`);
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as JsonEvent);
}

export function forwardPasses(events: readonly JsonEvent[]): number {
  return events.at(-1)?.summary?.forwardPasses ?? Number.NaN;
}
