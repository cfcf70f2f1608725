import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** PyTorch's side of a comparison: one Python process that answers a question at a time and idles in between. */
export interface TorchProcess {
  /** E.g. `PyTorch 2.15.0, 2 threads`. */
  readonly madeBy: string;
  /** Any question of the script's own. */
  ask<Answer>(question: object): Promise<Answer>;
  /** Makes the data of a grid and gets the ways of training it ready. */
  prepare(grid: TorchGrid): Promise<PreparedWays>;
  /** Trains one way for some time, after a warm-up. */
  measure(way: string, seconds: number): Promise<TorchRate>;
  close(): void;
}

export interface TorchGrid {
  readonly features: number;
  /** Columns of the fused matrix: the heads' outputs, and padding where there are more. */
  readonly columns: number;
  readonly rows: number;
  readonly batch: number;
  readonly heads: number;
  readonly outputs: number;
  readonly loss: "sigmoid" | "softmax";
  readonly ways: readonly string[];
}

export interface TorchRate {
  readonly stepsPerSecond: number;
  /** CPU time of the whole question, warm-up included. */
  readonly cpuSeconds: number;
}

export interface PreparedWays {
  readonly ready: readonly string[];
  /** Why a way is not among them, e.g. that a compiler is missing. */
  readonly missing: Readonly<Record<string, string>>;
  /** How far a way's weights are from the first way's after the same batches, over how far those have moved. */
  readonly distances: Readonly<Record<string, number>>;
}

export interface TorchScript {
  /** The repository's root. */
  readonly root: string;
  /** A file of `tests/bench/python`. */
  readonly script: "linear_grid.py" | "network_step.py" | "vit_forward.py";
  readonly threads: number;
}

/** A text, in place of the process, says why there is none. */
export async function startTorch(
  python: string,
  { root, script, threads }: TorchScript,
): Promise<TorchProcess | string> {
  const file = join(root, "tests/bench/python", script);
  // -B: scripts share modules, and compiled ones do not belong beside them.
  const child = spawn(python, ["-B", file], { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data: Buffer) => (complaints = (complaints + data.toString()).slice(-2000)));
  // A process that has ended is noticed by the end of its answers.
  child.stdin.on("error", () => undefined);
  child.on("error", (error) => (complaints += error.message));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();

  const ask = async <Answer>(question: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`${python} ended while it was measured: ${lastLine(complaints)}`);
    return JSON.parse(line.value) as Answer;
  };

  try {
    const machine = await ask<{ readonly torch: string; readonly threads: number }>({ ask: "machine", threads });
    return {
      madeBy: `PyTorch ${machine.torch}, ${String(machine.threads)} threads`,
      ask,
      prepare: async (grid) => ask<PreparedWays>({ ask: "prepare", ...grid }),
      measure: async (way, seconds) => ask<TorchRate>({ ask: "measure", way, seconds }),
      close: () => child.stdin.end(),
    };
  } catch {
    child.kill();
    return `${python} cannot run PyTorch: ${lastLine(complaints)}`;
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
