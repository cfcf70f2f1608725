export type { CompileOptions, CompileResult } from "./compile-options.ts";
export type { Diagnostic, RelatedPlace, Severity } from "./diagnostics/diagnostic.ts";
export * from "./signature/signature.ts";
export * from "./4-expand/task-graph.ts";
export type { Origin, Position, SourceText, Span } from "./text/source.ts";
