import { panes, type KeyAction } from "./view-state.ts";

/** The part of Ink's description of a key that counts here. */
export interface PressedKey {
  readonly upArrow: boolean;
  readonly downArrow: boolean;
  readonly leftArrow: boolean;
  readonly rightArrow: boolean;
  readonly pageUp: boolean;
  readonly pageDown: boolean;
  readonly home: boolean;
  readonly end: boolean;
  readonly tab: boolean;
  readonly escape: boolean;
  readonly ctrl: boolean;
  readonly shift: boolean;
}

/** What a key asks for; null where it means nothing. */
export function readKey(input: string, key: PressedKey): KeyAction | null {
  if (key.ctrl) return controlKeys.get(input) ?? null;
  if (key.tab) return { kind: "next-pane", step: key.shift ? -1 : 1 };
  if (key.escape) return { kind: "close-help" };
  if (key.upArrow) return scroll("line", -1);
  if (key.downArrow) return scroll("line", 1);
  if (key.pageUp) return scroll("page", -1);
  if (key.pageDown) return scroll("page", 1);
  if (key.home) return scroll("all", -1);
  if (key.end) return scroll("all", 1);
  if (key.leftArrow) return { kind: "columns", step: -1 };
  if (key.rightArrow) return { kind: "columns", step: 1 };
  const pane = panes[Number(input) - 1];
  return pane === undefined ? (letters.get(input) ?? null) : { kind: "pane", pane };
}

function scroll(by: "line" | "page" | "all", step: 1 | -1): KeyAction {
  return { kind: "scroll", by, step };
}

const controlKeys: ReadonlyMap<string, KeyAction> = new Map([
  ["c", { kind: "interrupt" }],
  ["z", { kind: "suspend" }],
  ["l", { kind: "repaint" }],
]);

/** Ctrl-C, Ctrl-Z and Ctrl-L are here too: where keys arrive together, they come as characters. */
const letters: ReadonlyMap<string, KeyAction> = new Map<string, KeyAction>([
  ["q", { kind: "stop" }],
  ["Q", { kind: "quit" }],
  ["?", { kind: "help" }],
  ["f", { kind: "follow" }],
  ["k", scroll("line", -1)],
  ["j", scroll("line", 1)],
  ["h", { kind: "columns", step: -1 }],
  ["l", { kind: "columns", step: 1 }],
  ["\u0003", { kind: "interrupt" }],
  ["\u001a", { kind: "suspend" }],
  ["\u000c", { kind: "repaint" }],
]);
