import type { TaskGraph } from "@exp-lab/dsl";
import { createJsonReporter } from "../4-report/json-reporter.ts";
import { loadDashboard } from "../4-report/load-dashboard.ts";
import { createPlainReporter } from "../4-report/plain-reporter.ts";
import type { Reporter } from "../4-report/run-event.ts";
import type { CallOptions, Terminal } from "./command.ts";
import type { Interrupts } from "./interrupts.ts";

export interface ReporterChoice {
  readonly options: CallOptions;
  readonly terminal: Terminal;
  readonly graph: TaskGraph;
  /** Tasks that run at once. */
  readonly slots: number;
  readonly interrupts: Interrupts;
}

/** JSON where it is asked for; a live screen where there is a terminal for it and nobody asked for less; else plain lines. */
export async function chooseReporter({
  options,
  terminal,
  graph,
  slots,
  interrupts,
}: ReporterChoice): Promise<Reporter> {
  if (options.json) return createJsonReporter(terminal.out);
  const plain = createPlainReporter({
    write: terminal.err,
    paint: terminal.paintErr,
    detail: options.quiet ? "quiet" : options.verbose ? "verbose" : "normal",
    now: () => performance.now(),
  });
  const wantsLines = !options.tui || options.quiet || options.verbose || graph.tables.length === 0;
  if (wantsLines || terminal.openScreen === null) return plain;
  const openDashboard = await loadDashboard();
  const device = terminal.openScreen(interrupts.stop);
  return closedOnExit(openDashboard({ graph, slots, device, paint: terminal.paintErr, plain, control: interrupts }));
}

/** However the process ends, the terminal is given back, and the failures stand on it. */
function closedOnExit(reporter: Reporter): Reporter {
  const close = (): void => {
    process.off("exit", close);
    reporter.close();
  };
  process.on("exit", close);
  return {
    report: (event) => {
      reporter.report(event);
    },
    close,
  };
}
