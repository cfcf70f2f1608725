import type { Origin, StoredWeightsValue, Task } from "@exp-lab/dsl";
import { findWeights } from "@exp-lab/ops";
import { isStoredWeights } from "../../1-plan/param-values.ts";

/** Weights that a program names, and where. */
export interface NamedWeights {
  readonly source: Exclude<StoredWeightsValue, { readonly weights: "file" }>;
  readonly param: string;
  /** The first task that has them. */
  readonly task: WeightsTask;
  readonly origin: Origin;
}

type WeightsTask = Pick<Task, "op" | "params" | "paramOrigins" | "origin">;

/** The weights of a program that are downloaded where they are not here, each once, in its order. */
export function programWeights(tasks: readonly WeightsTask[]): readonly NamedWeights[] {
  const found = new Map<string, NamedWeights>();
  for (const task of tasks) {
    for (const [param, source] of Object.entries(task.params)) {
      if (!isStoredWeights(source) || source.weights === "file") continue;
      const key = JSON.stringify(source);
      if (!found.has(key)) found.set(key, { source, param, task, origin: task.paramOrigins[param] ?? task.origin });
    }
  }
  return [...found.values()];
}

/** What people call them: `facebook/dinov2-large`, or an address. */
export function nameWeights({ source }: NamedWeights): string {
  return source.weights === "url"
    ? source.url
    : [source.repository, source.file].filter((part) => part !== null).join(" ");
}

/** Those that are not on this machine. No network is used. */
export async function absentWeights(weights: readonly NamedWeights[]): Promise<readonly NamedWeights[]> {
  const found = await Promise.all(weights.map(({ source }) => findWeights(source)));
  return weights.filter((_, index) => found[index]?.status === "absent");
}

/** What is said of them beside a plan or a table: nothing where there are none. */
export function sayAbsent(absent: readonly NamedWeights[], file: string): readonly string[] {
  if (absent.length === 0) return [];
  const [are, them] = absent.length === 1 ? ["is", "it"] : ["are", "them"];
  const names = absent.map(nameWeights).join(", ");
  return [`Not on this machine ${are} ${names}: \`exp fetch ${file}\`, or the run itself, downloads ${them}.`];
}
