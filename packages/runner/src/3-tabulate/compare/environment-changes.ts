import { environmentOf, type RunEnvironment } from "../../run-environment.ts";
import type { StoredRun } from "../../store/store.ts";

/** Something that two runs were computed with, where it differs. */
export interface EnvironmentChange {
  /** e.g. `exp`, `onnxruntime-node`, `commit`, `cores`, `text of table.exp`. */
  readonly field: string;
  readonly before: string;
  readonly now: string;
}

export function environmentChanges(before: StoredRun, now: StoredRun): readonly EnvironmentChange[] {
  const [then, at] = [fieldsOf(before), fieldsOf(now)];
  return [...new Set([...then.keys(), ...at.keys()])].flatMap((field) => {
    const change = { field, before: then.get(field) ?? "absent", now: at.get(field) ?? "absent" };
    return change.before === change.now ? [] : [change];
  });
}

function fieldsOf(run: StoredRun): ReadonlyMap<string, string> {
  const { tool, node, libraries = {}, repository, device, arguments: given, sources = {} } = environmentOf(run);
  return new Map<string, string>([
    ["program", run.program],
    ["exp", tool ?? notNoted],
    ["Node", node ?? notNoted],
    ...Object.entries(libraries),
    ...repositoryFields(repository),
    ...deviceFields(device),
    ["--set", given === undefined ? notNoted : given.set.length === 0 ? "nothing" : given.set.join(", ")],
    ["--jobs", given === undefined ? notNoted : String(given.jobs)],
    ["--rehash", given === undefined ? notNoted : yesOrNo(given.rehash)],
    ...Object.entries(sources).map(([name, digest]): [string, string] => [`text of ${name}`, digest]),
  ]);
}

/** Runs of earlier versions noted less. */
const notNoted = "not noted";

function repositoryFields(repository: RunEnvironment["repository"] | undefined): readonly [string, string][] {
  const dirty = repository?.dirty ?? null;
  const unknown = repository === null ? "none" : "unknown";
  return [
    ["commit", repository === undefined ? notNoted : (repository?.commit ?? "none")],
    ["uncommitted changes", repository === undefined ? notNoted : dirty === null ? unknown : yesOrNo(dirty)],
  ];
}

function deviceFields(device: RunEnvironment["device"] | undefined): readonly [string, string][] {
  return [
    ["provider", device?.provider ?? notNoted],
    ["cores", device === undefined ? notNoted : String(device.cores)],
    ["processor", device === undefined ? notNoted : (device.cpu ?? "unknown")],
    ["system", device === undefined ? notNoted : `${device.os} ${device.architecture}`],
  ];
}

function yesOrNo(value: boolean): string {
  return value ? "yes" : "no";
}
