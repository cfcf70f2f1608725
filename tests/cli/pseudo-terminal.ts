import { execFileSync, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../packages/runner/bin/exp.js", import.meta.url));

/** Whether this machine can make terminals for programs: `script` of util-linux. */
export const hasPseudoTerminals = canRun("script");

export interface TerminalRun {
  readonly folder: string;
  readonly argv: readonly string[];
  readonly columns?: number;
  readonly rows?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Hears everything printed so far whenever there is more of it. */
  readonly onOutput?: (output: string, terminal: RunningTerminal) => void;
}

export interface RunningTerminal {
  /** As if typed. */
  readonly press: (keys: string) => void;
  /** Sends a signal to `exp` itself. */
  readonly signal: (name: NodeJS.Signals) => void;
}

export interface TerminalEnd {
  readonly exitCode: number | null;
  /** Every byte that the terminal got. */
  readonly output: string;
}

/** Runs the real `exp ...` in a terminal of its own. */
export function runInTerminal(run: TerminalRun): Promise<TerminalEnd> {
  const { CI: _ci, NO_COLOR: _plain, FORCE_COLOR: _colour, EXP_STORE: _store, ...inherited } = process.env;
  const env = { ...inherited, TERM: "xterm-256color", ...run.environment };
  const command = [process.execPath, bin, ...run.argv].map((part) => `'${part}'`).join(" ");
  const line = `stty rows ${run.rows ?? 24} cols ${run.columns ?? 80}; exec ${command}`;
  const child = spawn("script", ["-qfec", line, "/dev/null"], {
    cwd: run.folder,
    env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const terminal: RunningTerminal = {
    press: (keys) => {
      child.stdin.write(keys);
    },
    signal: (name) => {
      const [exp] = childrenOf(child.pid ?? 0);
      if (exp !== undefined) process.kill(exp, name);
    },
  };
  return new Promise((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString();
      run.onOutput?.(output, terminal);
    });
    child.on("error", reject);
    child.on("close", (exitCode) => {
      resolve({ exitCode, output });
    });
  });
}

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter((text) => text.trim() !== "")
    .map(Number);
}

function canRun(name: string): boolean {
  try {
    execFileSync(name, ["--version"], { stdio: "ignore" });
    return process.platform === "linux";
  } catch {
    return false;
  }
}
