import { subscribe } from "node:diagnostics_channel";
import { setTimeout as delay } from "node:timers/promises";
import { nativeCalls, type NativeCallMessage } from "@exp-lab/ops";

/** Places in the memory of a gate. */
const underWay = 0;
const isClosed = 1;
const isHeld = 2;
const places = 3;

/** How often (ms) it is looked whether a native call has come back. */
const pause = 20;

/**
 * The memory that a coordinator and its thread share to agree when the thread may be ended: the process dies with a thread
 * that is ended in native code, and nothing else tells a call that takes long from a loop without end.
 */
export function createNativeGate(): SharedArrayBuffer {
  return new SharedArrayBuffer(places * Int32Array.BYTES_PER_ELEMENT);
}

/** The coordinator's side: lets no native call begin any more, and waits for those that have begun. */
export async function closeNativeGate(gate: SharedArrayBuffer): Promise<void> {
  const state = new Int32Array(gate);
  Atomics.store(state, isClosed, 1);
  while (Atomics.load(state, underWay) > 0 && Atomics.load(state, isHeld) === 0) await delay(pause);
}

/** Nobody is behind it any more: a thread that ended by itself does not come back from what it had begun. */
export function leaveNativeGate(gate: SharedArrayBuffer): void {
  Atomics.store(new Int32Array(gate), isHeld, 1);
}

/** The thread's side: counts its native calls, and holds the thread before one that is not to begin. */
export function watchNativeCalls(gate: SharedArrayBuffer): void {
  const state = new Int32Array(gate);
  subscribe(nativeCalls.name, (message) => {
    if ((message as NativeCallMessage) === "end") {
      Atomics.sub(state, underWay, 1);
      return;
    }
    // Counted before it is asked whether it may begin: whoever closes the gate does it the other way round.
    Atomics.add(state, underWay, 1);
    if (Atomics.load(state, isClosed) === 0) return;
    Atomics.store(state, isHeld, 1);
    Atomics.wait(state, isHeld, 1);
  });
}
