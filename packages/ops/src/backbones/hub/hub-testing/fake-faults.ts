import type { ServerResponse } from "node:http";

/** What goes wrong, by switches that a test sets between its calls. */
export interface FakeFaults {
  /** Answers to the next requests of the hub or the store for files, one each, in place of the right ones. */
  readonly instead: { readonly status: number; readonly headers?: Readonly<Record<string, string>> }[];
  /**
   * The next bodies of files, one each: after so many bytes nothing more comes, until `cutAt` ends the connection. A server alone
   * cannot cut it at a byte: what the other side has not read yet is lost with it.
   */
  readonly dropAfter: number[];
  /** The connections that wait for `cutAt`. */
  readonly held: Set<ServerResponse>;
  /** Whole files are sent whatever range is asked for. */
  ignoreRange: boolean;
  /** Bodies of files have their last byte changed. */
  wrongBytes: boolean;
  /** Bodies end so many bytes early, without a word: the length is not said. */
  endEarlyBy: number;
  /** After this many bytes nothing more comes, but the connection stays. */
  stopAfter: number | null;
}

export function noFaults(): FakeFaults {
  return {
    instead: [],
    dropAfter: [],
    held: new Set(),
    ignoreRange: false,
    wrongBytes: false,
    endEarlyBy: 0,
    stopAfter: null,
  };
}

/** For `progress`: cuts what is held each time that the next of the places is reached. */
export function cutAt({ held }: FakeFaults, ...places: readonly number[]): (done: number) => void {
  let next = 0;
  return (done) => {
    if (done !== places[next]) return;
    next += 1;
    for (const response of held) response.destroy();
    held.clear();
  };
}
