import type { TaskGraph } from "@exp-lab/dsl";
import type { Paint } from "../paint.ts";
import type { Reporter } from "../run-event.ts";
import type { ScreenDevice } from "../screen-device.ts";

/** What a live screen is made of. */
export interface DashboardOptions {
  readonly graph: TaskGraph;
  /** Tasks that run at once. */
  readonly slots: number;
  readonly device: ScreenDevice;
  readonly paint: Paint;
  /** Says on the plain terminal, after the screen is closed, what is to stay there; and everything, should drawing fail. */
  readonly plain: Reporter;
  /** What keys ask of the run. */
  readonly control: RunControl;
}

/** What keys can do to a run. */
export interface RunControl {
  /** Comes to a safe end. */
  readonly stop: () => void;
  /** Ends the process at once. */
  readonly quit: () => void;
  /** What Ctrl-C does. */
  readonly interrupt: () => void;
}
