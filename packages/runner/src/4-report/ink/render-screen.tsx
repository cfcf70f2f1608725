import { render } from "ink";
import type { ReadStream } from "node:tty";
import type { Screen } from "../dashboard/lay-out-screen.ts";
import type { KeyAction } from "../dashboard/view-state.ts";
import { Dashboard } from "./dashboard.tsx";
import { FrameStream } from "./frame-stream.ts";

export interface RendererOptions {
  readonly onFrame: (frame: string) => void;
  readonly keyboard: ReadStream | null;
  readonly onKey: (action: KeyAction) => void;
}

export interface ScreenRenderer {
  /** Draws at once: the frame, if it is another one, has been handed on when this returns. */
  draw(screen: Screen): void;
  close(): void;
}

/** Turns screens into frames (lines of text with their colours) by way of Ink, and listens for keys. */
export function createScreenRenderer({ onFrame, keyboard, onKey }: RendererOptions): ScreenRenderer {
  let frame = "";
  const stream = new FrameStream((drawn) => {
    frame = drawn;
  });
  const terminal = stream.asTerminal();
  const handler = keyboard === null ? null : onKey;
  let instance: ReturnType<typeof render> | null = null;
  let last: Screen | null = null;
  const drawAll = (screen: Screen): void => {
    stream.columns = screen.size.columns;
    stream.rows = screen.size.rows;
    const tree = <Dashboard screen={screen} onKey={handler} />;
    if (instance !== null) {
      instance.rerender(tree);
      return;
    }
    instance = render(tree, {
      stdout: terminal,
      stderr: terminal,
      ...(keyboard === null ? {} : { stdin: keyboard }),
      // Every frame is handed over whole and at once: when to draw, and what to write of it, is decided elsewhere.
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
  };
  return {
    draw: (screen) => {
      if (last !== null && differsInHotLinesOnly(last, screen)) frame = withHotLines(frame, screen);
      else drawAll(screen);
      last = screen;
      onFrame(frame);
    },
    close: () => {
      instance?.unmount();
      instance = null;
    },
  };
}

/**
 * The clock and the running tasks change all the time, in lines that stay where they are. Ink would lay out and measure
 * the whole screen for them, which costs thirty times as much as putting the new lines in the place of the old ones.
 */
function differsInHotLinesOnly(before: Screen, after: Screen): boolean {
  const isSame = (part: "tabs" | "body" | "footer"): boolean =>
    before[part].length === after[part].length && before[part].every((line, index) => line === after[part][index]);
  const hasRoom =
    before.header.length === after.header.length &&
    before.running.length === after.running.length &&
    before.size.columns === after.size.columns &&
    before.size.rows === after.size.rows;
  return hasRoom && isSame("tabs") && isSame("body") && isSame("footer");
}

function withHotLines(frame: string, { header, tabs, body, running }: Screen): string {
  const lines = frame.split("\n");
  lines.splice(0, header.length, ...header);
  lines.splice(header.length + tabs.length + body.length, running.length, ...running);
  return lines.join("\n");
}
