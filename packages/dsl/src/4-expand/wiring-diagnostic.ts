import type { CheckedDeclaration, CheckedProgram } from "../3-check/checked-program.ts";
import { sweepLacksRoles } from "../diagnostics/catalog-sweep.ts";
import { circularWiring, noProducer, severalProducers, unfitDeclaration } from "../diagnostics/catalog-table.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { roles } from "../signature/signature-index.ts";
import type { Span } from "../text/source.ts";
import type { WiringProblem } from "./explain-missing.ts";
import type { Trial } from "./trials.ts";

interface Need {
  readonly trial: Trial;
  readonly metric: string;
  /** The metric in the table's cells. */
  readonly span: Span;
  readonly program: CheckedProgram;
}

/** Tells why a metric cannot be had for a trial, in the names of its declarations. */
export function describeWiringProblem(problem: WiringProblem, need: Need): Diagnostic {
  const { trial, metric, span } = need;
  switch (problem.problem) {
    case "missing roles":
      return sweepLacksRoles(trial.sweep.span, trial.sweep.name, { roles: problem.roles, cell: span });
    case "unfit constructor": {
      const declaration = declarationsOf(need).find(({ role }) => role === problem.role);
      const makes = trial.wiring.wiring.constructors[problem.role]?.output ?? "";
      const { label, role, op, span: at } = declaration ?? { label: "", role: problem.role, op: "", span };
      return unfitDeclaration(span, { metric, needs: problem.kind, label, role, op, makes, at });
    }
    case "no producer":
      return noProducer(span, {
        metric,
        kind: problem.kind,
        declarations: declarationsOf(need).map(({ label }) => label),
      });
    case "several producers":
      return severalProducers(span, { metric, kind: problem.kind, ops: problem.ops });
    case "circle":
      return circularWiring(span, metric, problem.op);
  }
  return problem satisfies never;
}

function declarationsOf({ trial, program }: Need): readonly CheckedDeclaration[] {
  return roles.flatMap((role) => program.declarations[trial.declarations[role] ?? -1] ?? []);
}
