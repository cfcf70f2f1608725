import { EventEmitter } from "node:events";

/**
 * What Ink takes for its terminal: hands on whole frames. Ink's own way of writing to a terminal clears all of it where a
 * frame is as tall as the screen, and costs five times as many bytes.
 */
export class FrameStream extends EventEmitter {
  columns = 80;
  rows = 24;
  readonly #onFrame: (frame: string) => void;

  constructor(onFrame: (frame: string) => void) {
    super();
    this.#onFrame = onFrame;
  }

  write(frame: string): boolean {
    if (frame !== "") this.#onFrame(frame);
    return true;
  }

  /** The form in which Ink asks for it; a terminal's other methods are never called on it. */
  asTerminal(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }
}
