import type { Span } from "../text/source.ts";
import type { Diagnostic, RelatedPlace } from "./diagnostic.ts";

/** What a diagnostic says beside its code. */
export interface DiagnosticText {
  readonly span: Span;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly related?: readonly RelatedPlace[] | undefined;
}

/** A diagnostic whose severity is that of its code's letter; an absent hint leaves no field. */
export function makeDiagnostic(code: `${"E" | "W"}${number}`, text: DiagnosticText): Diagnostic {
  return {
    code,
    severity: code.startsWith("W") ? "warning" : "error",
    message: text.message,
    span: text.span,
    ...(text.hint === undefined ? {} : { hint: text.hint }),
    ...(text.related === undefined ? {} : { related: text.related }),
  };
}
