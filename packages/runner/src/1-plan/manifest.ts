import type { Op } from "@exp-lab/ops";
import type { ParamSpec, ParamValue, Task } from "@exp-lab/dsl";
import { canonicalMembers, joinMembers, type Json } from "../hash/canonical-json.ts";
import {
  hashDocument,
  hashText,
  type ContentKey,
  type Digest,
  type Fingerprint,
  type Recipe,
} from "../hash/digests.ts";
import { isPath, isStoredWeights } from "./param-values.ts";
import type { FileEntry, SourceDigests } from "./source-digests.ts";

/**
 * The readable document that a fingerprint is the hash of: a question, complete with defaults. Two manifests' difference
 * is the explanation of a rerun. Not in it: names of declarations, comments, order, paths, device, time, concurrency.
 */
export interface Manifest {
  /** Raised when the meaning of the document itself changes. 1: the first. */
  readonly format: 1;
  readonly op: string;
  /** The op's own version: raised whenever the same question gets another answer. */
  readonly version: number;
  /** Semantic parameters only. A path is not here: what lies there is, under `files`. */
  readonly params: Readonly<Record<string, Json>>;
  /** By parameter name or, for the files that an op finds itself, under `sources`. */
  readonly files: Readonly<Record<string, FileEntry>>;
  /** Fingerprints of the upstream questions; locator inputs are absent, since another input carries their digests. */
  readonly inputs: Readonly<Record<string, Fingerprint>>;
  /** Versions of the packages that the op says can change its answer. */
  readonly libraries: Readonly<Record<string, string>>;
}

export interface QuestionParts {
  readonly task: Pick<Task, "op" | "params">;
  readonly op: Op;
  readonly sources: Pick<SourceDigests, "entries">;
  /** Upstream fingerprints by input name. */
  readonly inputs: Readonly<Record<string, Fingerprint>>;
  readonly libraryVersions: Readonly<Record<string, string>>;
}

/** Its manifest as text alone, since a plan may hold a hundred thousand: see `manifestOf`. */
export interface Question {
  /** The manifest's canonical JSON. */
  readonly text: string;
  readonly fingerprint: Fingerprint;
  /** Hash of the manifest without its inputs: what a content answer hangs on. */
  readonly contentRecipe: Recipe;
}

/** The one place where a fingerprint is made. */
export function askQuestion(parts: QuestionParts): Question {
  const { task, op, sources } = parts;
  const libraries = op.librariesFor?.(task.params) ?? op.libraries;
  const manifest: Manifest = {
    format: 1,
    op: task.op,
    version: op.signature.version,
    params: semanticParams(task.params, op.signature.params),
    files: sources.entries,
    inputs: keep(parts.inputs, (name) => op.signature.inputs[name]?.locator !== true),
    libraries: Object.fromEntries(libraries.map((name) => [name, parts.libraryVersions[name] ?? "absent"])),
  };
  const members = canonicalMembers(manifest as unknown as Readonly<Record<string, Json>>);
  const text = joinMembers(members);
  const withoutInputs = joinMembers(members.filter(({ name }) => name !== "inputs"));
  return {
    text,
    fingerprint: hashText<Fingerprint>("fingerprint", text),
    contentRecipe: hashText<Recipe>("recipe", withoutInputs),
  };
}

/** What a question asks. */
export function manifestOf({ text }: Pick<Question, "text">): Manifest {
  return JSON.parse(text) as Manifest;
}

/** The key under which the answer to a question with inputs of these very bytes is found again. */
export function contentKey(recipe: Recipe, inputs: Readonly<Record<string, Digest>>): ContentKey {
  return hashDocument<ContentKey>("content", { recipe, inputs });
}

/** The key of a per-example op's rows: the recipe and the bytes of every input but the examples themselves. */
export function rowRecipe(recipe: Recipe, inputs: Readonly<Record<string, Digest>>): Recipe {
  return hashDocument<Recipe>("recipe", { rowsOf: recipe, inputs });
}

function semanticParams(
  params: Readonly<Record<string, ParamValue>>,
  specs: Readonly<Record<string, ParamSpec>>,
): Readonly<Record<string, Json>> {
  const semantic: Record<string, Json> = {};
  for (const [name, value] of Object.entries(params)) {
    const spec = specs[name];
    if (spec?.semantic === false || isPath(value) || spec?.type === "file") continue;
    // Where weights come from is no part of a question: what they are is, under `files`.
    semantic[name] = isStoredWeights(value) ? { weights: "file" } : value;
  }
  return semantic;
}

function keep<Value>(
  record: Readonly<Record<string, Value>>,
  wanted: (name: string) => boolean,
): Readonly<Record<string, Value>> {
  const kept: Record<string, Value> = {};
  for (const [name, value] of Object.entries(record)) if (wanted(name)) kept[name] = value;
  return kept;
}
