import { channel } from "node:diagnostics_channel";

/** What is said on `nativeCalls`. */
export type NativeCallMessage = "begin" | "end";

/**
 * Says when a call that native code carries out begins and ends on this thread. Whoever would end the thread has to know: the
 * whole process dies with a thread that is ended in the middle of one.
 */
export const nativeCalls = channel("exp-lab:native-calls");

/** Carries out a call of native code between its two messages. */
export async function callNative<Result>(act: () => Promise<Result>): Promise<Result> {
  nativeCalls.publish("begin" satisfies NativeCallMessage);
  try {
    return await act();
  } finally {
    nativeCalls.publish("end" satisfies NativeCallMessage);
  }
}
