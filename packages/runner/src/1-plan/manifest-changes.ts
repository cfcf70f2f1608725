import { canonicalJson, type Json } from "../hash/canonical-json.ts";
import type { Manifest } from "./manifest.ts";
import type { FileEntry } from "./source-digests.ts";

/** One field in which two questions of their own differ: not what they inherit from their inputs. */
export interface FieldChange {
  /** e.g. `image_size`, `contents of weights`, `version of onnxruntime-node`. */
  readonly field: string;
  /** The parameter that the field is, or that names the file; null for every other field. */
  readonly param: string | null;
  readonly before: string;
  readonly now: string;
}

/** Questions of two ops have nothing else in common that could be compared. */
export function manifestChanges(past: Manifest, now: Manifest): readonly FieldChange[] {
  if (past.op !== now.op) return [{ field: "op", param: null, before: past.op, now: now.op }];
  const version =
    past.version === now.version
      ? []
      : [{ field: "version of the op", param: null, before: String(past.version), now: String(now.version) }];
  const params = differing(past.params, now.params).map((name) => ({
    field: name,
    param: name,
    before: show(past.params[name]),
    now: show(now.params[name]),
  }));
  const files = differing(past.files, now.files).map((name) => ({
    field: name === "sources" ? "files of the data set" : `contents of ${name}`,
    param: name,
    before: showFile(past.files[name]),
    now: showFile(now.files[name]),
  }));
  const libraries = differing(past.libraries, now.libraries).map((name) => ({
    field: `version of ${name}`,
    param: null,
    before: past.libraries[name] ?? "absent",
    now: now.libraries[name] ?? "absent",
  }));
  return [...version, ...params, ...files, ...libraries];
}

function differing(
  past: Readonly<Record<string, Json | FileEntry>>,
  now: Readonly<Record<string, Json | FileEntry>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(past), ...Object.keys(now)])].sort();
  return names.filter((name) => show(past[name]) !== show(now[name]));
}

function show(value: Json | FileEntry | undefined): string {
  return value === undefined ? "absent" : canonicalJson(value);
}

function showFile(entry: FileEntry | undefined): string {
  if (entry === undefined) return "absent";
  if (typeof entry === "string") return entry.slice(0, 12);
  return `${String(entry.count)} files, ${entry.digest.slice(0, 12)}`;
}
