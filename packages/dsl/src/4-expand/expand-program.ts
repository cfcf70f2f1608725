import type { CheckedProgram, CheckedTable, SelectSpec } from "../3-check/checked-program.ts";
import { refitOnScored, tooManyFits } from "../diagnostics/catalog-check.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SignatureIndex } from "../signature/signature-index.ts";
import type { FindOrigin } from "../text/origin-finder.ts";
import { expandSearch } from "./expand-search.ts";
import { expandTable, type MetricLeaf } from "./expand-table.ts";
import type { WiringProblem } from "./explain-missing.ts";
import { finishTasks } from "./finish-tasks.ts";
import { createTaskBuilder } from "./task-builder.ts";
import type { TableSpec, TaskGraph } from "./task-graph.ts";
import { expandSweep, type Trial } from "./trials.ts";
import { createTrialWirings } from "./wire-trials.ts";
import { isWired } from "./wiring.ts";
import { describeWiringProblem } from "./wiring-diagnostic.ts";

interface ExpandOptions {
  readonly signatures: SignatureIndex;
  readonly findOrigin: FindOrigin;
}

/** What expanding found: a graph to be used if none of the diagnostics is an error. */
export interface ExpandResult {
  readonly graph: TaskGraph;
  readonly diagnostics: readonly Diagnostic[];
}

/** Turns a program without mistakes into tasks and tables: sweeps to trials, trials to the tasks that their cells need. */
export function expandProgram(program: CheckedProgram, { signatures, findOrigin }: ExpandOptions): ExpandResult {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const wire = createTrialWirings(program, signatures);
  const builder = createTaskBuilder(program, report);
  const trialsOfSweep = program.sweeps.map((sweep) => expandSweep(sweep, { program, wire, report }));

  const searched = new Map<Trial, Trial | null>();
  const search = (trial: Trial): Trial | null => {
    const known = searched.get(trial);
    if (known !== undefined) return known;
    const reportUnwired = (problem: WiringProblem, { metric, span }: SelectSpec): void => {
      report(describeWiringProblem(problem, { trial, metric, span, program }));
    };
    const chosen = expandSearch(trial, { program, builder, ops: signatures.search, report, reportUnwired });
    searched.set(trial, chosen);
    return chosen;
  };

  const request = (asked: Trial, { metric, split, span }: MetricLeaf): string | null => {
    const trial = search(asked);
    if (trial === null) return null;
    if (split === "val" && trial.stage.learnsFrom === "train+val") {
      report(refitOnScored(span, program.declarations[trial.declarations.head ?? -1]?.label ?? ""));
      return null;
    }
    const op = trial.wiring.wiring.wireMetric(metric);
    if (isWired(op)) return builder.tasks[builder.request({ trial, op, split, asker: span })]?.id ?? null;
    report(describeWiringProblem(op, { trial, metric, span, program }));
    return null;
  };

  const expand = (table: CheckedTable): TableSpec => {
    const trials = table.sweeps.flatMap((sweep) => trialsOfSweep[sweep] ?? []);
    const { title, rows, columns, best } = table;
    const cells = expandTable(table, { trials, request, report });
    return { title, origin: findOrigin(table.span), rows, columns, cells, best };
  };

  // Told before the first task is made: such a graph would fill the memory.
  const fits = trialsOfSweep.flat().reduce((sum, trial) => sum + countFits(trial, program), 0);
  if (fits > mostFits) {
    const searched = trialsOfSweep.flat().find((trial) => countFits(trial, program) > 0);
    if (searched !== undefined) report(tooManyFits(searched.sweep.span, { fits, most: mostFits }));
    return { graph: { tasks: [], tables: [] }, diagnostics };
  }
  const tables = program.tables.map(expand);
  return { graph: { tasks: finishTasks(builder.tasks, findOrigin), tables }, diagnostics };
}

/** The most fits that the searches of a program may ask for: 10,000 trials of the default grid, a graph of 800,000 tasks. */
const mostFits = 250_000;

function countFits(trial: Trial, program: CheckedProgram): number {
  const search = program.declarations[trial.declarations.head ?? -1]?.search ?? null;
  if (search === null) return 0;
  const points = Object.values(search.over).reduce((count, values) => count * values.length, 1);
  return points * (search.folds ?? 1);
}
