import type { Explained } from "./explained.ts";
import { provenanceJson } from "./provenance-json.ts";

/** One task explained, for programs. */
export function explainedJson({ planned, explanation, choice, provenance }: Explained): unknown {
  const { kind } = explanation;
  return {
    task: planned.task.id,
    label: planned.task.label,
    status: planned.status,
    because: kind,
    ...(choice === null ? {} : { choice }),
    ...(kind === "stored" ? { madeBy: explanation.madeBy } : {}),
    ...(kind === "unanswered" ? { outcome: explanation.outcome, when: explanation.when.toISOString() } : {}),
    changes:
      kind === "stored" || kind === "changed"
        ? explanation.changes.map(({ task, field, before, now, origin }) => ({
            task: task.id,
            label: task.label,
            field,
            before,
            now,
            origin,
          }))
        : [],
    provenance: provenanceJson(provenance),
  };
}
