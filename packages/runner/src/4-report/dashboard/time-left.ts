import type { TaskId } from "@exp-lab/dsl";
import type { DashboardState } from "./dashboard-state.ts";
import { secondsLeft, secondsSince } from "./running-task.ts";
import { opOfClass, type TaskFacts } from "./task-facts.ts";

export interface TimeLeft {
  readonly seconds: number;
  /** True where some tasks are like none that has finished, so that they are not in the sum. */
  readonly isLowerBound: boolean;
}

export interface TimeLeftOptions {
  readonly facts: TaskFacts;
  /** Tasks that run at once. */
  readonly slots: number;
  readonly now: number;
}

/** An op whose tasks, this many of them, have all taken less than this (s) is taken to be cheap everywhere. */
const small = 1;
const enough = 3;

/** That it will take more than this (s) everybody expects. */
const leastBound = 10;

/**
 * How long a run will go on, from the tasks that this run has computed: each waiting task costs what finished ones of its
 * class did, each running one what its progress says. Null while nothing is known, rather than a guess.
 */
export function estimateTimeLeft(state: DashboardState, options: TimeLeftOptions): TimeLeft | null {
  const { plan, ended, running } = state;
  if (plan === null || state.summary !== null) return null;
  const open = plan.toRun.filter((id) => !ended.has(id));
  // Whoever stops waits for what runs, and for nothing else.
  const waiting = state.isStopping ? [] : open.filter((id) => !running.has(id));
  const costs = learnCosts(state, options.facts);
  const known = [
    ...waiting.map((id) => costs.of(id)),
    ...[...running].map(([id, task]) => {
      const byProgress = secondsLeft(task, options.now);
      const whole = byProgress === null ? costs.of(id) : null;
      const left = whole === null ? null : Math.max(0, whole - secondsSince(task.startedAt, options.now));
      return byProgress ?? left;
    }),
  ];
  const seconds = known.reduce<number>((sum, cost) => sum + (cost ?? 0), 0) / busySlots(open.length, options.slots);
  const isLowerBound = known.includes(null);
  return known.length === 0 || (isLowerBound && seconds < leastBound) ? null : { seconds, isLowerBound };
}

function busySlots(tasks: number, slots: number): number {
  return Math.max(1, Math.min(tasks, slots));
}

interface Costs {
  /** Seconds that a task should take; null where none like it has finished. */
  of(id: TaskId): number | null;
}

function learnCosts({ ended }: DashboardState, { costClass }: TaskFacts): Costs {
  const classes = new Map<string, Cost>();
  const ops = new Map<string, Cost>();
  for (const [id, { outcome, seconds }] of ended) {
    const name = costClass.get(id);
    if (outcome !== "computed" || name === undefined) continue;
    classes.set(name, withTask(classes.get(name), seconds));
    ops.set(opOfClass(name), withTask(ops.get(opOfClass(name)), seconds));
  }
  return {
    of: (id) => {
      const name = costClass.get(id) ?? "";
      const like = classes.get(name);
      if (like !== undefined) return like.seconds / like.tasks;
      const kind = ops.get(opOfClass(name));
      return kind !== undefined && kind.tasks >= enough && kind.slowest < small ? kind.slowest : null;
    },
  };
}

interface Cost {
  readonly tasks: number;
  readonly seconds: number;
  readonly slowest: number;
}

function withTask(cost: Cost = { tasks: 0, seconds: 0, slowest: 0 }, seconds: number): Cost {
  return {
    tasks: cost.tasks + 1,
    seconds: cost.seconds + seconds,
    slowest: Math.max(cost.slowest, seconds),
  };
}
