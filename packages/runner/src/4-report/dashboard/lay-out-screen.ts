import type { Paint } from "../paint.ts";
import { clipText, firstThatFits } from "./clip-text.ts";
import type { DashboardState } from "./dashboard-state.ts";
import { headerLines } from "./header-lines.ts";
import type { ColumnWindow } from "./live-table.ts";
import type { DrawTables } from "./draw-tables.ts";
import { failureLines, helpLines, logLines } from "./pane-lines.ts";
import { runningLines } from "./running-lines.ts";
import { windowOf, type WindowOfLines } from "./scroll-window.ts";
import { waitingText } from "../waiting-text.ts";
import type { TaskFacts } from "./task-facts.ts";
import { estimateTimeLeft } from "./time-left.ts";
import { panes, type Extent, type Pane, type ViewState } from "./view-state.ts";

export interface ScreenOptions {
  readonly facts: TaskFacts;
  readonly drawTables: DrawTables;
  readonly slots: number;
  readonly size: ScreenSize;
  readonly now: number;
  readonly paint: Paint;
}

export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a screen shows, as plain data: as many lines as it has rows at most, none of them broken. */
export interface Screen {
  readonly size: ScreenSize;
  readonly header: readonly string[];
  readonly tabs: readonly string[];
  /** Padded to the room that it has, so that what stands under it stays where it is. */
  readonly body: readonly string[];
  /** Under a rule, where there is room for one. */
  readonly running: readonly string[];
  readonly footer: readonly string[];
  /** What scrolling starts from. */
  readonly extent: Extent;
}

export function layOutScreen(state: DashboardState, view: ViewState, options: ScreenOptions): Screen {
  const { size, now, paint, facts, slots } = options;
  const width = size.columns;
  const room = shareRows(size.rows, slots);
  const timeLeft = estimateTimeLeft(state, { facts, slots, now });
  const header = headerLines(state, { timeLeft, now, width, paint }).slice(0, room.header);
  const tasks = [...state.running.values()];
  const lines = runningLines(tasks, { now, width, height: room.running, paint });
  const waiting = clipText(`… ${waitingText([...state.waiting.values()])}`, width);
  const running = state.waiting.size === 0 || lines.length >= room.running ? lines : [...lines, paint.dim(waiting)];
  const body = view.showsHelp
    ? plainBody(
        helpLines(paint).map((line) => line),
        room.body,
        null,
      )
    : drawBody(state, view, { ...options, height: room.body });
  return {
    size,
    header,
    tabs: room.tabs === 0 ? [] : [tabLine(view, state, { ...body, width, paint })],
    body: padLines(body.lines, room.body),
    running: [...padLines([paint.dim("─".repeat(width))], room.rule), ...padLines(running, room.running)],
    footer: room.footer === 0 ? [] : [footerLine(state, width, paint)],
    extent: body.extent,
  };
}

/** How the rows of a screen are shared out. They hang on its size alone, so that nothing jumps about. */
function shareRows(rows: number, slots: number): Readonly<Record<Part, number>> {
  const header = rows >= 6 ? 2 : 1;
  const tabs = rows >= 8 ? 1 : 0;
  const footer = rows >= 5 ? 1 : 0;
  const most = rows >= 30 ? 8 : rows >= 20 ? 4 : 1;
  const running = rows >= 7 ? Math.min(most, slots) : 0;
  const rule = rows >= 16 ? 1 : 0;
  return { header, tabs, footer, running, rule, body: Math.max(0, rows - header - tabs - footer - running - rule) };
}

type Part = "header" | "tabs" | "body" | "rule" | "running" | "footer";

interface Body {
  readonly lines: readonly string[];
  readonly extent: Extent;
  /** What part of the pane is in sight; empty where all of it is. */
  readonly position: string;
}

type BodyOptions = ScreenOptions & { readonly height: number };

function drawBody(state: DashboardState, view: ViewState, options: BodyOptions): Body {
  const { size, paint, height } = options;
  const pane = { width: size.columns, paint };
  switch (view.pane) {
    case "tables":
      return tablesBody(state, view, options);
    case "log": {
      const lines = state.log.length === 0 ? [paint.dim("No task has ended yet.")] : logLines(state.log, pane);
      return plainBody(lines, height, view.top.log ?? Number.POSITIVE_INFINITY);
    }
    case "failures":
      return plainBody(failureLines(state.failures, pane), height, view.top.failures);
  }
}

function plainBody(lines: readonly string[], height: number, wanted: number | null): Body {
  const top = Math.max(0, Math.min(wanted ?? 0, lines.length - height));
  const last = Math.min(lines.length, top + height);
  return {
    lines: lines.slice(top, top + height),
    extent: { top, lines: lines.length, height },
    position: lines.length <= height ? "" : `lines ${String(top + 1)}-${String(last)} of ${String(lines.length)}`,
  };
}

function tablesBody(state: DashboardState, view: ViewState, options: BodyOptions): Body {
  const { size, paint, height, drawTables } = options;
  const { document, columns } = drawTables(state, { width: size.columns, firstColumn: view.firstColumn, paint });
  const window = windowOf(document, height, view.top.tables);
  const spare = height - document.lines.length;
  const isNarrow = size.columns < 72;
  const recent = spare < fewestRecent ? [] : recentLines(state, spare, { width: size.columns, paint });
  return {
    lines: [...window.lines, ...recent],
    extent: { top: window.top, lines: document.lines.length, height },
    position: [
      spare >= 0 ? "" : rowsText(window, view.top.tables === null, isNarrow),
      columns.map((shown) => columnsText(shown, isNarrow)).find((text) => text !== "") ?? "",
    ]
      .filter((text) => text !== "")
      .join(" · "),
  };
}

/** Where the tables leave this many lines, the last ones of the log stand under them. */
const fewestRecent = 4;

function recentLines(
  { log }: DashboardState,
  spare: number,
  options: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const lines = logLines(log.slice(-(spare - 1)), options).slice(-(spare - 1));
  return lines.length === 0 ? [] : [...padLines([], spare - lines.length), ...lines];
}

function rowsText({ rows }: WindowOfLines, isFollowing: boolean, isNarrow: boolean): string {
  if (rows === null) return "";
  const range = `${String(rows.first)}-${String(rows.last)}`;
  if (isNarrow) return `${range}/${String(rows.all)} ↑↓`;
  return `rows ${range} of ${String(rows.all)} ↑↓${isFollowing ? "" : " (f follows)"}`;
}

function columnsText({ first, shown, all }: ColumnWindow, isNarrow: boolean): string {
  if (shown === all) return "";
  const range = shown === 1 ? String(first + 1) : `${String(first + 1)}-${String(first + shown)}`;
  return isNarrow
    ? `${range}/${String(all)} ←→`
    : `${shown === 1 ? "column" : "columns"} ${range} of ${String(all)} ←→`;
}

interface TabOptions {
  readonly position: string;
  readonly width: number;
  readonly paint: Paint;
}

function tabLine(view: ViewState, state: DashboardState, { position, width, paint }: TabOptions): string {
  const names: Readonly<Record<Pane, string>> = {
    tables: "1 tables",
    log: "2 log",
    failures: state.failures.length === 0 ? "3 failures" : `3 failures (${String(state.failures.length)})`,
  };
  const isCurrent = (pane: Pane): boolean => pane === view.pane && !view.showsHelp;
  const tab = (pane: Pane): string => (isCurrent(pane) ? `[${names[pane]}]` : ` ${names[pane]} `);
  const painted = (pane: Pane): string => (isCurrent(pane) ? paint.bold : paint.dim)(tab(pane));
  const all = panes.map(tab).join(" ");
  // Where not everything has room, what is in sight counts more than what else there is.
  const shown = panes.filter((pane) => pane === view.pane || all.length + gapOf(position) <= width);
  const room = width - shown.map(tab).join(" ").length - gapOf(position);
  if (room < 0) return paint.bold(clipText(tab(view.pane), width));
  return shown.map(painted).join(" ") + " ".repeat(room) + paint.dim(position.padStart(gapOf(position)));
}

function gapOf(position: string): number {
  return position === "" ? 0 : position.length + 2;
}

function footerLine({ isStopping }: DashboardState, width: number, paint: Paint): string {
  return paint.dim(firstThatFits(isStopping ? stoppingFooters : footers, width));
}

const footers = [
  "q stop · Q quit at once · 1 2 3 Tab panes · ↑↓ PgUp PgDn rows · ←→ columns · ? help",
  "q stop · Q quit now · 1 2 3 Tab panes · ↑↓ PgUp PgDn ←→ scroll · ? help",
  "q stop · Q quit · Tab panes · ? help",
  "q stop · ? help",
] as const;

const stoppingFooters = [
  "Stopping: what runs comes to a safe end. Q or Ctrl-C quits at once. · ? help",
  "Stopping. Q or Ctrl-C quits at once.",
  "Stopping. Q quits.",
] as const;

function padLines(lines: readonly string[], height: number): readonly string[] {
  return Array.from({ length: height }, (_, index) => lines[index] ?? "");
}
