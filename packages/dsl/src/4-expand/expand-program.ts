import type { CheckedProgram, CheckedTable, MetricLeaf, SelectSpec, Setting } from "../3-check/checked-program.ts";
import { refitOnScored, tooManyFits } from "../diagnostics/catalog-check.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SignatureIndex } from "../signature/signature-index.ts";
import type { FindOrigin } from "../text/origin-finder.ts";
import { expandSearch } from "./expand-search.ts";
import { compareCells, placeRanking, type AskedScore } from "./expand-statistics.ts";
import { expandTable } from "./expand-table.ts";
import type { WiringProblem } from "./explain-missing.ts";
import { finishTasks } from "./finish-tasks.ts";
import { reportIdleAxes } from "./idle-axes.ts";
import { createTaskBuilder } from "./task-builder.ts";
import type { TableSpec, TaskGraph, TaskId } from "./task-graph.ts";
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

  const asked = new Map<TaskId, AskedScore>();
  const answers = new Map<Trial, TaskId[]>();
  const request = (trialOfCell: Trial, { metric, split, settings, span }: MetricLeaf): string | null => {
    const searchedTrial = search(trialOfCell);
    if (searchedTrial === null) return null;
    const trial = withMetricSettings(searchedTrial, settings);
    if (split === "val" && trial.stage.learnsFrom === "train+val") {
      const head = program.declarations[trial.declarations.head ?? -1]?.label ?? "";
      const param = trial.search === null ? trial.wiring.wiring.constructors.head?.joinsVal : undefined;
      report(refitOnScored(span, head, param ?? null));
      return null;
    }
    const op = trial.wiring.wiring.wireMetric(metric);
    if (!isWired(op)) {
      report(describeWiringProblem(op, { trial, metric, span, program }));
      return null;
    }
    const position = builder.request({ trial, op, split, asker: span });
    const id = builder.tasks[position]?.id ?? null;
    if (id !== null) answers.set(trialOfCell, [...(answers.get(trialOfCell) ?? []), id]);
    if (id !== null && !asked.has(id)) asked.set(id, { trial, metric: op, split, position });
    return id;
  };

  const expand = (table: CheckedTable): TableSpec => {
    const trials = table.sweeps.flatMap((sweep) => trialsOfSweep[sweep] ?? []);
    const { title, rows, columns, best } = table;
    const scored = expandTable(table, { trials, request, report });
    const options = { builder, ops: signatures.statistics, asked };
    const cells = compareCells(scored, table, options);
    const ranking = placeRanking(cells, table, { ...options, trial: trials[0] });
    return {
      ...{ title, origin: findOrigin(table.span), rows, columns, cells, best },
      ...(ranking !== null && { ranking }),
    };
  };

  // Told before the first task is made: such a graph would fill the memory.
  const fits = trialsOfSweep.flat().reduce((sum, trial) => sum + countFits(trial), 0);
  if (fits > mostFits) {
    const searched = trialsOfSweep.flat().find((trial) => countFits(trial) > 0);
    if (searched !== undefined) report(tooManyFits(searched.sweep.span, { fits, most: mostFits }));
    return { graph: { tasks: [], tables: [] }, diagnostics };
  }
  const tables = program.tables.map(expand);
  if (!diagnostics.some(({ severity }) => severity === "error")) {
    for (const trials of trialsOfSweep)
      reportIdleAxes(trials, { tasksOf: (trial) => answers.get(trial) ?? [], report });
  }
  return { graph: { tasks: finishTasks(builder.tasks, findOrigin), tables }, diagnostics };
}

function withMetricSettings(trial: Trial, settings: Readonly<Record<string, Setting>>): Trial {
  const named = Object.entries(settings).map(([name, setting]) => [`metric.${name}`, setting] as const);
  return named.length === 0 ? trial : { ...trial, settings: new Map([...trial.settings, ...named]) };
}

/** The most fits that the searches of a program may ask for: 10,000 trials of the default grid, a graph of 800,000 tasks. */
const mostFits = 250_000;

function countFits({ search }: Trial): number {
  if (search === null) return 0;
  const points = Object.values(search.over).reduce((count, values) => count * values.length, 1);
  return points * (search.folds ?? 1);
}
