import type { EngineEvent, RunSummary, Timed } from "../2-execute/events.ts";
import type { Table } from "../3-tabulate/table.ts";

/** Everything that a reporter can hear of a run. */
export type RunEvent = EngineEvent | RunFinished;

/** The last event: how it went, and what came out. */
export interface RunFinished extends Timed {
  readonly event: "run.finished";
  readonly summary: RunSummary;
  readonly tables: readonly Table[];
}

/** Hears every event in turn; `close` is called once, after the last. */
export interface Reporter {
  report(event: RunEvent): void;
  close(): void;
}
