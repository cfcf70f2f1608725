import { dirname, relative, resolve, sep } from "node:path";
import { findUnplanned, readPlanFile, toPlanFile, type PlanFile } from "../1-plan/plan-file.ts";
import type { Plan } from "../1-plan/plan.ts";
import { countOf } from "../4-report/count.ts";
import type { CallOptions, Terminal } from "./command.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";
import { readTextFile, writeFile } from "./files.ts";

/** What `exp run` is given in place of a program. */
export function isPlanFile(file: string): boolean {
  return file.endsWith(".plan");
}

interface WrittenPlan {
  readonly program: string;
  readonly options: CallOptions;
  readonly terminal: Terminal;
}

/** @throws CommandError (2) for a name that `exp run` would not take for a plan; (4) where it cannot be written */
export function writePlanFile(out: string, plan: Plan, { program, options, terminal }: WrittenPlan): void {
  if (!isPlanFile(out)) {
    throw new CommandError(
      exitCodes.wrong,
      `A plan's name ends in .plan, but was "${out}".`,
      `Write --out ${out}.plan.`,
    );
  }
  const path = resolve(terminal.workingFolder, out);
  const from = relative(dirname(path), resolve(terminal.workingFolder, program)).split(sep).join("/");
  const file = toPlanFile(plan, { program: from, settings: options.set });
  writeFile(path, `${JSON.stringify(file, null, 2)}\n`, terminal.watch);
  if (!options.quiet)
    terminal.err(`Written to ${out}: \`exp run ${out}\` carries it out, or less of it, never more.\n`);
}

export interface LoadedPlan {
  readonly planned: PlanFile;
  /** The program's path, as errors name it. */
  readonly program: string;
  readonly options: CallOptions;
}

/** @throws CommandError (2) where it cannot be read, is no plan, or is of a newer version */
export function loadPlanFile(file: string, options: CallOptions, { workingFolder }: Terminal): LoadedPlan {
  if (Object.keys(options.set).length > 0) {
    throw new CommandError(
      exitCodes.wrong,
      `${file} holds its settings itself: --set cannot change a plan.`,
      "Plan anew.",
    );
  }
  const path = resolve(workingFolder, file);
  const planned = readPlanFile(readTextFile(path));
  if (planned === "newer") {
    throw new CommandError(
      exitCodes.wrong,
      `${file} was written by a newer version of this program.`,
      "Update, or plan anew.",
    );
  }
  if (planned === null) {
    const hint = "Write one with `exp plan FILE --out NAME.plan`.";
    throw new CommandError(exitCodes.wrong, `${file} is no plan, or not a whole one.`, hint);
  }
  const program = relative(workingFolder, resolve(dirname(path), planned.program));
  return { planned, program, options: { ...options, set: planned.settings } };
}

/** A plan is carried out or less of it, never more. @throws CommandError (2) naming what it does not hold */
export function requirePlanned(plan: Plan, planned: PlanFile, file: string): void {
  const unplanned = findUnplanned(plan, planned);
  if (unplanned.length === 0) return;
  const shown = unplanned.slice(0, shownTasks).map(({ task }) => {
    const { file: source, line } = task.origin;
    return `\n  ${task.label} (${source}:${String(line)})`;
  });
  const rest = unplanned.length - shown.length;
  const list = shown.join("") + (rest > 0 ? `\n  and ${String(rest)} more` : "");
  throw new CommandError(
    exitCodes.wrong,
    `${file} no longer fits: ${countOf(unplanned.length, "task")} would run that it does not hold. Nothing was run.${list}`,
    "The program, its files or the store have changed since. See what with `exp why`, then plan anew.",
  );
}

const shownTasks = 10;
