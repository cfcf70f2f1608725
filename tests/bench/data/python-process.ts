import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A script of `tests/bench/python` that answers a question at a time, a line of JSON each, and idles in between. */
export interface PythonProcess {
  ask<Answer>(question: object): Promise<Answer>;
  close(): void;
}

export interface PythonScript {
  /** The repository's root. */
  readonly root: string;
  /** The name of a file of `tests/bench/python`. */
  readonly script: string;
}

/** A text, in place of the process, says why there is none. */
export async function startPython(python: string, { root, script }: PythonScript): Promise<PythonProcess | string> {
  const child = spawn(python, ["-B", join(root, "tests/bench/python", script)], { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data: Buffer) => (complaints = (complaints + data.toString()).slice(-2000)));
  // A process that has ended is noticed by the end of its answers.
  child.stdin.on("error", () => undefined);
  child.on("error", (error) => (complaints += error.message));
  const lastWords = (): string => complaints.trim().split("\n").at(-1) ?? "";
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ask = async <Answer>(question: object): Promise<Answer> => {
    child.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await lines.next();
    if (line.done === true) throw new Error(`${python} ended while it was measured: ${lastWords()}`);
    return JSON.parse(line.value) as Answer;
  };
  try {
    await ask({ ask: "ready" });
    return { ask, close: () => child.stdin.end() };
  } catch {
    child.kill();
    return `${python} cannot run ${script}: ${lastWords()}`;
  }
}
