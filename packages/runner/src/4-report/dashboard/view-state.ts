/** What the person at the keyboard has chosen to look at. */
export interface ViewState {
  readonly pane: Pane;
  readonly showsHelp: boolean;
  /** The first line shown of each pane; null: the screen follows what happens. */
  readonly top: Readonly<Record<Pane, number | null>>;
  /** The first column of numbers shown. */
  readonly firstColumn: number;
}

export const panes = ["tables", "log", "failures"] as const;
export type Pane = (typeof panes)[number];

export const initialView: ViewState = {
  pane: "tables",
  showsHelp: false,
  top: { tables: null, log: null, failures: null },
  firstColumn: 0,
};

/** What a key asks for. */
export type KeyAction =
  | { readonly kind: "stop" | "quit" | "interrupt" | "suspend" | "repaint" | "help" | "close-help" | "follow" }
  | { readonly kind: "pane"; readonly pane: Pane }
  | { readonly kind: "next-pane"; readonly step: 1 | -1 }
  | { readonly kind: "scroll"; readonly by: "line" | "page" | "all"; readonly step: 1 | -1 }
  | { readonly kind: "columns"; readonly step: 1 | -1 };

/** What is on the screen now, which scrolling starts from. */
export interface Extent {
  readonly top: number;
  readonly lines: number;
  readonly height: number;
}

export function reduceView(view: ViewState, action: KeyAction, extent: Extent): ViewState {
  switch (action.kind) {
    case "help":
      return { ...view, showsHelp: !view.showsHelp };
    case "close-help":
      return { ...view, showsHelp: false };
    case "pane":
      return { ...view, pane: action.pane, showsHelp: false };
    case "next-pane": {
      const next = (panes.indexOf(view.pane) + action.step + panes.length) % panes.length;
      return { ...view, pane: panes[next] ?? "tables", showsHelp: false };
    }
    case "columns":
      return { ...view, firstColumn: Math.max(0, view.firstColumn + action.step) };
    case "follow":
      return { ...view, top: { ...view.top, [view.pane]: null } };
    case "scroll":
      return { ...view, top: { ...view.top, [view.pane]: scrolled(extent, action) } };
    default:
      return view;
  }
}

function scrolled({ top, lines, height }: Extent, action: KeyAction & { kind: "scroll" }): number {
  const last = Math.max(0, lines - height);
  const distance = { line: 1, page: Math.max(1, height - 2), all: lines }[action.by];
  return Math.min(last, Math.max(0, top + action.step * distance));
}
