import type { Op } from "@exp-lab/ops";
import { environmentOf, type ComputeDevice } from "../../run-environment.ts";
import type { PastCost, RunId, Store, StoredRun } from "../../store/store.ts";
import { isSpread } from "../is-spread.ts";
import type { PastTask } from "./estimate-cost.ts";
import { traitsOf } from "./task-traits.ts";

/** What this machine took for the tasks of an op. */
export interface OpHistory {
  /** Newest run first. */
  readonly tasks: readonly PastTask[];
  /** Whether another machine computed such tasks too: what it took is no guide. */
  readonly isElsewhere: boolean;
}

/** How many past tasks of an op are looked at, and how many of one run, so that there are several runs among them. */
const tasksOfOp = 384;
const tasksOfRun = 64;

export interface HistorySource {
  readonly store: Pick<Store, "findCosts" | "findCostsOf" | "findRun">;
  /** What is to compute the tasks. */
  readonly device: ComputeDevice;
}

/** A reader of what tasks took on this machine. */
export interface PastTaskReader {
  readOp(op: Op): OpHistory;
  /** Those of costs that are this machine's. */
  keepOwn(costs: readonly PastCost[], opOf: (cost: PastCost) => Op): readonly PastCost[];
  toPastTask(cost: PastCost, op: Op): PastTask | null;
}

export function createPastTaskReader({ store, device }: HistorySource): PastTaskReader {
  const devices = new Map<RunId, ComputeDevice | null>();
  const isOwn = (run: StoredRun | null, op: Op): run is StoredRun => {
    if (run === null) return false;
    let of = devices.get(run.run);
    if (of === undefined) devices.set(run.run, (of = environmentOf(run).device ?? null));
    return of !== null && isSameMachine(of, device) && isSameProvider(of, device, op);
  };
  /** Work that is spread takes the longer the fewer cores there are. */
  const coresRatio = ({ run, members }: PastCost, op: Op): number => {
    const cores = devices.get(run)?.cores ?? device.cores;
    return isSpread(op, members) ? cores / device.cores : 1;
  };
  const toPastTask = (cost: PastCost, op: Op): PastTask | null => {
    const { fingerprint, manifest, members, inputBytes, examples, run } = cost;
    // Where no row was made, nothing is learnt of what a row takes.
    const rows = op.shape === "per example" ? (examples?.made ?? 0) : null;
    if (rows === 0) return null;
    return {
      run,
      traits: traitsOf(fingerprint, manifest, { op, sizes: { members, inputBytes, rows } }),
      cost: {
        seconds: (cost.seconds * coresRatio(cost, op)) / (rows ?? 1),
        storedBytes: cost.storedBytes / (rows ?? 1),
        outputBytes: cost.outputBytes / (examples?.total ?? 1),
        peakBytes: cost.peakBytes,
      },
    };
  };
  return {
    readOp: (op) => {
      let isElsewhere = false;
      const isWanted = (run: StoredRun): boolean => {
        const isOurs = isOwn(run, op);
        isElsewhere ||= !isOurs;
        return isOurs;
      };
      const costs = store.findCosts({ op: op.signature.name, tasks: tasksOfOp, tasksOfRun, isWanted });
      return { tasks: costs.flatMap((cost) => toPastTask(cost, op) ?? []), isElsewhere };
    },
    keepOwn: (costs, opOf) => {
      const runs = new Map<RunId, StoredRun | null>();
      return costs.filter((cost) => {
        if (!runs.has(cost.run)) runs.set(cost.run, store.findRun(cost.run));
        return isOwn(runs.get(cost.run) ?? null, opOf(cost));
      });
    },
    toPastTask,
  };
}

/** Times are compared between like processors alone; how many cores there are is taken into account. */
function isSameMachine(a: ComputeDevice, b: ComputeDevice): boolean {
  return a.cpu === b.cpu && a.os === b.os && a.architecture === b.architecture;
}

/** Only what passes backbones takes another time elsewhere. `auto`: as it was, whatever it was, where nobody has chosen yet. */
function isSameProvider(then: ComputeDevice, now: ComputeDevice, { shape }: Op): boolean {
  return shape !== "per example" || now.provider === "auto" || then.provider === now.provider;
}
