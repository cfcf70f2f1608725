import type { Executor } from "@exp-lab/runner";
import type { GridCall } from "./grid-task.ts";

/** The heads of a grid as the engine trains them, encoded. @throws Error where one of them failed */
export async function trainGrid(executor: Executor, call: GridCall): Promise<readonly Uint8Array[]> {
  const answers = await executor.call(call, { signal: new AbortController().signal, onProgress: () => undefined });
  return answers.map((answer) => {
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.bytes;
  });
}
