import type { WriteStream } from "node:tty";

/** A stream that nothing reaches for the time being but what is written past the hold. */
export interface HeldStream {
  /** Writes past the hold. */
  readonly write: (text: string, done?: (error?: Error | null) => void) => void;
  /** Lets the stream go, and writes what was held back. */
  readonly release: () => void;
}

/** How much is kept, the latest (characters). */
const mostHeld = 1 << 18;

/** Keeps what anybody writes to a stream until it is released: one stray line would tear the screen. */
export function holdBack(stream: WriteStream): HeldStream {
  const write = stream.write.bind(stream);
  let text = "";
  const hold = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    text = (text + (typeof chunk === "string" ? chunk : Buffer.from(chunk).toString())).slice(-mostHeld);
    const done = rest.find((part): part is () => void => typeof part === "function");
    if (done !== undefined) process.nextTick(done);
    return true;
  };
  stream.write = hold;
  return {
    write: (shown, done) => {
      write(shown, done);
    },
    release: () => {
      stream.write = write;
      if (text !== "") write(text);
    },
  };
}
