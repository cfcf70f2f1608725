import type { Diagnostic } from "./diagnostics/diagnostic.ts";
import type { Preset } from "./signature/preset.ts";
import type { OpSignature } from "./signature/signature.ts";
import type { TaskGraph } from "./4-expand/task-graph.ts";
import type { SourceText } from "./text/source.ts";

/** Everything from outside that compiling depends on: the language itself reads no file, clock or environment. */
export interface CompileOptions {
  /** The path of the program, as the user wrote it. */
  readonly entry: string;
  /** Reads the entry and whatever it imports; null where there is no such file. */
  readonly readSource: (path: string) => string | null;
  readonly signatures: readonly OpSignature[];
  /** The published protocols that a sweep may name; absent: none. */
  readonly presets?: readonly Preset[];
  /** For `env("NAME")`. Like `settings`, its values come from outside: a relative path is one from the working directory. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `--set name=value`: replaces the value of a `param`. */
  readonly settings: Readonly<Record<string, string>>;
}

export interface CompileResult {
  /** Null where a diagnostic is an error. */
  readonly graph: TaskGraph | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The entry and its imports, for showing diagnostics. */
  readonly sources: readonly SourceText[];
}
