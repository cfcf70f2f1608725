import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";

/** The command line of this very repository. */
const ownBinary = fileURLToPath(new URL("../../packages/runner/bin/exp.js", import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly out: string;
  readonly err: string;
}

type Listener = (text: string, child: ChildProcess) => void;

/** A folder of a user's own, in which the real binary runs. */
export interface Workplace {
  readonly folder: string;
  write(name: string, content: string | Uint8Array): string;
  /** Runs `exp ...` to its end. */
  exp(...argv: readonly string[]): Promise<Ended>;
  /** Runs `exp ...` until it is killed at a fail point (`after save rows@2`), or to its end where it never gets there. */
  expKilledAt(point: string, argv: readonly string[], environment?: NodeJS.ProcessEnv): Promise<Ended>;
  /** Runs a line of the shell, in which `exp` is the binary. */
  shell(line: string): Promise<Ended>;
  /** Starts `exp ...`; `onOutput` hears both streams as they come. Killed with SIGKILL after so many milliseconds, if any. */
  start(argv: readonly string[], onOutput: Listener, killAfter?: number): Promise<Ended>;
  close(): void;
}

/** @param binary the command line to run, where this file does not lie beside it */
export function createWorkplace(binary = ownBinary): Workplace {
  const folder = mkdtempSync(join(tmpdir(), "exp-cli-"));
  const launch = (
    command: readonly string[],
    onOutput: Listener,
    killAfter?: number,
    more: NodeJS.ProcessEnv = {},
  ): Promise<Ended> => {
    const [file = "", ...argv] = command;
    const { EXP_STORE: _store, FORCE_COLOR: _colour, ...environment } = process.env;
    const env = { ...environment, NO_COLOR: "1", NODE: process.execPath, BIN: binary, ...more };
    const child = spawn(file, argv, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    if (killAfter !== undefined) {
      const timer = setTimeout(() => child.kill("SIGKILL"), killAfter);
      child.on("close", () => {
        clearTimeout(timer);
      });
    }
    return listen(child, onOutput);
  };
  const start: Workplace["start"] = (argv, onOutput, killAfter) =>
    launch([process.execPath, binary, ...argv], onOutput, killAfter);
  return {
    folder,
    write: (name, content) => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    exp: (...argv) => start(argv, () => undefined),
    expKilledAt: (point, argv, environment = {}) =>
      launch([process.execPath, binary, ...argv], () => undefined, undefined, { ...environment, EXP_KILL_AT: point }),
    shell: (line) => launch(["sh", "-c", `exp() { "$NODE" "$BIN" "$@"; }; ${line}`], () => undefined),
    start,
    close: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function listen(child: ChildProcessByStdio<null, Readable, Readable>, onOutput: Listener): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let out = "";
    let err = "";
    child.stdout.on("data", (data: Buffer) => {
      out += data.toString();
      onOutput(data.toString(), child);
    });
    child.stderr.on("data", (data: Buffer) => {
      err += data.toString();
      onOutput(data.toString(), child);
    });
    child.on("error", reject);
    child.on("close", (exitCode) => {
      resolve({ exitCode, out, err });
    });
  });
}

/** A program whose every part is drawn or drawn at random: a few seconds of work. */
export const smallProgram = `exp 1

dataset drawn = phantoms { train: 60, val: 20, test: 60, size: 64 }

backbone fine = vit { weights: random(1), image_size: 64, patch_size: 8, width: 64, depth: 2, heads: 2 }

head near = knn { k: 5 }
head logit = logistic { c: 0.1 }

sweep all {
  dataset: drawn
  backbone: [fine]
  head: [near, logit]
}

table "Small" {
  from: all
  rows: backbone, head
  cells: test.auroc, test.accuracy
}
`;
