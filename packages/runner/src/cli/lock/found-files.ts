import { writtenValue, type Origin, type ParamSpec, type Task } from "@exp-lab/dsl";
import type { GraphSources } from "../../1-plan/plan-graph.ts";
import { isPath, isStoredWeights } from "../../1-plan/param-values.ts";
import type { SourceDigests } from "../../1-plan/source-digests.ts";
import { commitOf } from "../../1-plan/weight-files.ts";
import { compareLockedFiles, type LockedFile } from "./file-lock.ts";
import { opsByName } from "../session.ts";
import type { LoadedProgram } from "../load-program.ts";
import { createPlaceFinder, type FindPlace, type WrittenPlace } from "./place-finder.ts";

/** A file as it lies here, and where the program names it. */
export interface FoundFile {
  readonly file: LockedFile;
  readonly origin: Origin;
  /** On this machine; of many, the folder or the list that leads to them. In no lock. */
  readonly path: string;
}

/** The files that a program's tasks read, each once, in the order of a lock. Files that are not hashed are left out. */
export function findFiles(program: LoadedProgram, sources: GraphSources): readonly FoundFile[] {
  const findPlace = createPlaceFinder(program.sources);
  const ops = opsByName();
  const found = program.graph.tasks.flatMap((task) => {
    const own = sources.get(task.id);
    if (own === undefined || own.unhashed.files > 0) return [];
    return [...namedFiles(task, own, { findPlace, ops }), ...ownFiles(task, own, { findPlace, ops })];
  });
  const byContent = new Map(found.map((each) => [JSON.stringify(each.file), each]));
  return [...byContent.values()].sort((a, b) => compareLockedFiles(a.file, b.file));
}

/** How many files were not hashed, and so could not be told. */
export function countUnhashed(sources: GraphSources): number {
  return [...sources.values()].reduce((sum, { unhashed }) => sum + unhashed.files, 0);
}

/** Those that parameters name themselves. */
function namedFiles(
  task: Task,
  { byParam, files, remembered }: SourceDigests,
  { findPlace, ops }: Surroundings,
): readonly FoundFile[] {
  return Object.entries(byParam).map(([parameter, sha256], index) => {
    const origin = task.paramOrigins[parameter] ?? task.origin;
    const gone = remembered.find(({ param }) => param === parameter)?.files[0];
    const { path = "", stat } = gone === undefined ? (files[index] ?? {}) : {};
    const revision = gone === undefined ? commitOf(path) : gone.revision;
    const bytes = gone?.bytes ?? Number(stat?.size ?? 0n);
    const place = placeOf({ task, parameter, findPlace, spec: ops.get(task.op)?.signature.params[parameter] });
    const file = { ...place, parameter, ...(revision === null ? {} : { revision }), bytes, sha256 };
    return { file, origin, path };
  });
}

/** Where a parameter's value stands; what a constructor has by itself is written as a program would write it. */
export function placeOf({ task, parameter, findPlace, spec }: PlaceRequest): WrittenPlace {
  const origin = task.paramOrigins[parameter];
  if (origin !== undefined || spec === undefined) return findPlace(origin ?? task.origin);
  return { ...findPlace(task.origin), written: writtenValue(task.params[parameter] ?? null, spec) };
}

interface PlaceRequest {
  readonly task: Pick<Task, "origin" | "params" | "paramOrigins">;
  readonly parameter: string;
  readonly findPlace: FindPlace;
  readonly spec: ParamSpec | undefined;
}

interface Surroundings {
  readonly findPlace: FindPlace;
  readonly ops: ReturnType<typeof opsByName>;
}

/**
 * Those that the op found itself. Which they are may hang on every parameter, so they belong to the task's own declaration,
 * also where the path stands in one that this is derived from.
 */
function ownFiles(task: Task, { entries }: SourceDigests, { findPlace, ops }: Surroundings): readonly FoundFile[] {
  return Object.values(entries).flatMap((entry) => {
    if (typeof entry === "string") return [];
    const { count, bytes, digest: sha256 } = entry;
    const parameter = leadingParam(task, ops);
    const origin = task.paramOrigins[parameter] ?? task.origin;
    const { declaration } = findPlace(task.origin);
    const { written } = placeOf({ task, parameter, findPlace, spec: ops.get(task.op)?.signature.params[parameter] });
    const value = task.params[parameter];
    const path = isPath(value) || (isStoredWeights(value) && value.weights === "file") ? value.path : "";
    return [{ file: { declaration, parameter, written, count, bytes, sha256 }, origin, path }];
  });
}

/** What leads an op to its files: a folder where the program names one, else the file that lists them. */
function leadingParam({ op, params, paramOrigins }: Task, ops: Surroundings["ops"]): string {
  const named = Object.keys(paramOrigins).filter((name) => isPath(params[name]) || isStoredWeights(params[name]));
  const paths = [...named, ...Object.keys(params).filter((name) => isStoredWeights(params[name]))];
  const specs = ops.get(op)?.signature.params;
  return paths.find((name) => specs?.[name]?.type === "directory") ?? paths[0] ?? "";
}
