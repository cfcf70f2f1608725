import { arch, availableParallelism, cpus, platform } from "node:os";
import { dirname, relative, resolve } from "node:path";
import type { SourceText } from "@exp-lab/dsl";
import { digestOf } from "../hash/digests.ts";
import type { ComputeDevice, RunEnvironment } from "../run-environment.ts";
import type { CallOptions, Terminal } from "./command.ts";
import { readRepository } from "./read-repository.ts";
import { libraryVersions, packageVersion } from "./session.ts";

export interface DescribeOptions {
  /** The program's path. */
  readonly file: string;
  readonly sources: readonly SourceText[];
  readonly options: CallOptions;
  readonly terminal: Pick<Terminal, "environment" | "workingFolder">;
}

/** With what a run is about to be computed. Never fails: what cannot be found out is null. */
export async function describeEnvironment(parts: DescribeOptions): Promise<RunEnvironment> {
  const { file, sources, options, terminal } = parts;
  const inFolder = (path: string): string => resolve(terminal.workingFolder, path);
  const folder = dirname(inFolder(file));
  const files = sources.map(({ path }) => inFolder(path));
  return {
    tool: packageVersion("@exp-lab/runner") ?? "unknown",
    node: process.version,
    libraries: libraryVersions(),
    repository: await readRepository({ folder, files, environment: terminal.environment }),
    // What `auto` comes to is noted at the end: it is found out once there is something to compute.
    device: describeDevice(options.device === "auto" ? "cpu" : options.device),
    arguments: {
      set: Object.keys(options.set).sort(),
      jobs: options.jobs,
      rehash: options.own["rehash"] === true,
    },
    sources: Object.fromEntries(
      sources.map(({ path, text }) => [
        relative(folder, inFolder(path)).replaceAll("\\", "/"),
        digestOf(Buffer.from(text)),
      ]),
    ),
  };
}

/** What this machine computes with. @param provider what backbones run on, as far as that is known */
export function describeDevice(provider: string): ComputeDevice {
  const name = cpus()[0]?.model.trim() ?? "";
  return {
    provider,
    cores: availableParallelism(),
    cpu: name === "" ? null : name,
    os: platform(),
    architecture: arch(),
  };
}
