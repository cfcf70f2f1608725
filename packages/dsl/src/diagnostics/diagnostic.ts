import type { Span } from "../text/source.ts";

export type Severity = "error" | "warning";

/** A mistake that the user can mend, as data. Rendering and exit codes are decided elsewhere. */
export interface Diagnostic {
  /** Stable for ever: `E` (error) or `W` (warning) and three digits. Each is made by one function of a `catalog-*.ts` file. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence: what was found and what was expected. */
  readonly message: string;
  readonly span: Span;
  /** What to write instead, or what to do; absent where nothing helpful can be said. */
  readonly hint?: string;
  /** Other places that belong to the mistake, e.g. the first of two declarations. */
  readonly related?: readonly RelatedPlace[];
}

export interface RelatedPlace {
  readonly span: Span;
  readonly message: string;
}
