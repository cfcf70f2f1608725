import type { CallAnswer, CallHooks } from "../executor.ts";
import type { SentCall } from "./worker-messages.ts";

/** Where a call can go. */
export type Caller = (call: SentCall, hooks: CallHooks) => Promise<readonly CallAnswer[]>;

/**
 * A call of a fused op, its members shared out evenly over callers as far as the call allows it: an answer for each member, in
 * order. All parts read the same inputs. What is lost with one caller fails the members that it had.
 */
export async function callInParts(
  callers: readonly Caller[],
  call: SentCall,
  hooks: CallHooks,
): Promise<readonly CallAnswer[]> {
  const { members = [] } = call;
  const count = Math.max(1, Math.min(callers.length, call.mostParts ?? 1));
  const progress = Array.from({ length: count }, () => ({ done: 0, total: 0 }));
  const parts = Array.from({ length: count }, (_, part) => {
    const [start, end] = [part, part + 1].map((edge) => Math.floor((edge * members.length) / count));
    const onProgress: CallHooks["onProgress"] = (done, total) => {
      progress[part] = { done, total };
      hooks.onProgress(sumOf(progress.map((each) => each.done)), sumOf(progress.map((each) => each.total)));
    };
    const own = count === 1 ? call : { ...call, members: members.slice(start, end) };
    return callers[part]!(own, { ...hooks, onProgress });
  });
  return (await Promise.all(parts)).flat();
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}
