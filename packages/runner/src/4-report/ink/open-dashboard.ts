import type { DashboardOptions } from "../dashboard/dashboard-options.ts";
import { foldEvents, initialState, type DashboardState } from "../dashboard/dashboard-state.ts";
import { pauseAfter } from "../dashboard/draw-pace.ts";
import { createTableDrawer, type DrawTables } from "../dashboard/draw-tables.ts";
import { createFrameWriter, type FrameWriter } from "../dashboard/frame-writer.ts";
import { layOutScreen, type Screen } from "../dashboard/lay-out-screen.ts";
import { gatherFacts, type TaskFacts } from "../dashboard/task-facts.ts";
import { initialView, reduceView, type KeyAction, type ViewState } from "../dashboard/view-state.ts";
import type { Reporter, RunEvent } from "../run-event.ts";
import { createScreenRenderer, type ScreenRenderer } from "./render-screen.tsx";

/** A reporter that draws the run on a screen of its own until it is closed. */
export function openDashboard(options: DashboardOptions): Reporter {
  const dashboard = new LiveDashboard(options);
  return {
    report: (event) => {
      dashboard.report(event);
    },
    close: () => {
      dashboard.close();
    },
  };
}

/** The clock on the screen moves this often (ms). */
const clockPause = 1000;
/** A key is answered after this time (ms), together with those that follow it closely. */
const keyPause = 30;
/** What others may have printed over the screen stays there this long (ms). */
const repaintPause = 30_000;

/** Owns the screen, the timer of its next frame, and what is known of the run. */
class LiveDashboard {
  readonly #options: DashboardOptions;
  readonly #facts: TaskFacts;
  readonly #drawTables: DrawTables;
  readonly #writer: FrameWriter;
  readonly #renderer: ScreenRenderer;
  #state: DashboardState = initialState;
  #view: ViewState = initialView;
  #screen: Screen | null = null;
  /** Events that are not in the state yet. */
  #waiting: RunEvent[] = [];
  /** Events that the plain terminal is told of in the end. */
  #kept: RunEvent[] = [];
  #frame = "";
  #timer: NodeJS.Timeout | null = null;
  #timerAt = Number.POSITIVE_INFINITY;
  #mayDrawAt = 0;
  #repaintAt = 0;
  #isOpen = true;

  constructor(options: DashboardOptions) {
    this.#options = options;
    this.#facts = gatherFacts(options.graph);
    this.#drawTables = createTableDrawer(this.#facts);
    this.#writer = createFrameWriter(options.device.write);
    this.#renderer = createScreenRenderer({
      keyboard: options.device.keyboard,
      onFrame: (frame) => {
        this.#frame = frame;
      },
      onKey: (action) => {
        this.#obey(action);
      },
    });
    options.device.onLost(() => {
      this.#repaint();
    });
    this.#drawAt(0);
  }

  report(event: RunEvent): void {
    if (!this.#isOpen) {
      this.#options.plain.report(event);
      return;
    }
    this.#keep(event);
    this.#waiting.push(event);
    this.#drawAt(this.#mayDrawAt);
  }

  /** Leaves the screen; what is worth keeping of the run then stands on the plain terminal. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#renderer.close();
    this.#options.device.close();
    for (const event of this.#kept) this.#options.plain.report(event);
  }

  #keep(event: RunEvent): void {
    // A plan that is made anew begins the run anew.
    if (event.event === "run.planned")
      this.#kept = this.#kept.filter((kept) => kept.event === "run.started" || kept.event === "run.device");
    const isFailure = event.event === "task.finished" && event.outcome === "failed";
    const isFrame = ["run.started", "run.planned", "run.device", "run.finished"].includes(event.event);
    if (isFailure || isFrame) this.#kept.push(event);
  }

  /** Draws at this time, or earlier where that is planned already. */
  #drawAt(time: number): void {
    if (!this.#isOpen || this.#timerAt <= time) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timerAt = time;
    this.#timer = setTimeout(
      () => {
        this.#drawSafely();
      },
      Math.max(0, time - performance.now()),
    );
  }

  /** Whatever is wrong with the screen, the run goes on: in plain lines. */
  #drawSafely(): void {
    try {
      this.#draw();
    } catch (error) {
      this.close();
      process.stderr.write(`The live screen has failed; plain lines go on. This is our fault.\n${String(error)}\n`);
    }
  }

  #draw(): void {
    const started = performance.now();
    this.#timer = null;
    this.#timerAt = Number.POSITIVE_INFINITY;
    this.#state = foldEvents(this.#state, this.#waiting);
    this.#waiting = [];
    this.#screen = layOutScreen(this.#state, this.#view, {
      facts: this.#facts,
      drawTables: this.#drawTables,
      slots: this.#options.slots,
      size: this.#options.device.size(),
      now: Date.now(),
      paint: this.#options.paint,
    });
    this.#renderer.draw(this.#screen);
    if (started >= this.#repaintAt) {
      this.#repaintAt = started + repaintPause;
      this.#writer.forget();
    }
    const bytes = this.#writer.show(this.#frame, this.#screen.size);
    const ended = performance.now();
    this.#mayDrawAt = ended + pauseAfter({ milliseconds: ended - started, bytes });
    this.#drawAt(Math.max(ended + clockPause, this.#mayDrawAt));
  }

  #repaint(): void {
    this.#writer.forget();
    this.#drawAt(performance.now());
  }

  #obey(action: KeyAction): void {
    const { control, device } = this.#options;
    switch (action.kind) {
      case "stop":
      case "quit":
      case "interrupt":
        control[action.kind]();
        // Whoever asks for the end wants to see at once that it was heard, however soon the end comes.
        this.#drawAt(0);
        return;
      case "suspend":
        device.suspend();
        return;
      case "repaint":
        this.#repaint();
        return;
      default: {
        const extent = this.#screen?.extent ?? { top: 0, lines: 0, height: 0 };
        this.#view = reduceView(this.#view, action, extent);
        this.#drawAt(performance.now() + keyPause);
      }
    }
  }
}
