import { environmentOf, type RunEnvironment } from "../run-environment.ts";
import type { StoredRun } from "../store/store.ts";

/** A run in a sentence without an end: `run 3 of table.exp, 2026-11-24 03:27 UTC: exp 0.1.0, ...`. */
export function describeRun(stored: StoredRun): string {
  const { run, program, startedAt } = stored;
  const parts = describeEnvironment(environmentOf(stored));
  const computed = parts.length === 0 ? "" : `: ${parts.join(", ")}`;
  return `run ${String(run)} of ${program}, ${formatMoment(startedAt)}${computed}`;
}

/** To the minute, in UTC. */
export function formatMoment(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function describeEnvironment(environment: Partial<RunEnvironment>): readonly string[] {
  const { tool, node, libraries = {}, device } = environment;
  const present = Object.entries(libraries).filter(([, version]) => version !== "absent");
  return [
    ...(tool === undefined ? [] : [`exp ${tool}`]),
    ...(node === undefined ? [] : [`Node ${node}`]),
    ...present.map(([name, version]) => `${name} ${version}`),
    ...describeRepository(environment),
    ...(device === undefined ? [] : describeDevice(device)),
  ];
}

function describeRepository({ repository }: Partial<RunEnvironment>): readonly string[] {
  if (repository === undefined) return [];
  if (repository === null) return ["no commit"];
  const state = repository.dirty === true ? " with uncommitted changes" : "";
  return [`commit ${repository.commit.slice(0, 12)}${state}`];
}

function describeDevice(device: RunEnvironment["device"]): readonly string[] {
  const { provider, cores, cpu, os, architecture } = device;
  const count = `${String(cores)} core${cores === 1 ? "" : "s"}`;
  return [`${provider} with ${count}${cpu === null ? "" : ` of ${cpu}`}`, `${os} ${architecture}`];
}
