import { availableParallelism } from "node:os";
import type { Op } from "@exp-lab/ops";
import type { Executor } from "./executor.ts";
import { failureOf, hashFile, openExtractor, performCall } from "./perform-call.ts";

/** Runs ops on the calling thread: for tests of the engine, whose ops are functions of the test itself. */
export function createInProcessExecutor(ops: ReadonlyMap<string, Op>): Executor {
  const environment = { ops, threads: availableParallelism() };
  return {
    slots: 1,
    call: (call, hooks) => performCall(environment, call, hooks),
    open: async (call, hooks) => {
      try {
        const extractor = await openExtractor(environment, call, hooks);
        return {
          ok: true,
          extractor: {
            layout: extractor.layout,
            batchSize: extractor.batchSize,
            madeBy: extractor.madeBy,
            batchesAtOnce: 2,
            extract: async (examples) => {
              try {
                return { ok: true, rows: await extractor.extract({ examples }) };
              } catch (error) {
                return { ok: false, failure: failureOf(error) };
              }
            },
            close: () => extractor.close(),
          },
        };
      } catch (error) {
        return { ok: false, failure: failureOf(error) };
      }
    },
    hashFiles: async (paths, { onProgress, signal }) => {
      let done = 0;
      const digests = [];
      for (const path of paths) {
        digests.push(
          await hashFile(path, (bytes) => {
            signal?.throwIfAborted();
            done += bytes;
            onProgress(done);
          }),
        );
      }
      return digests;
    },
    close: () => Promise.resolve(),
  };
}
