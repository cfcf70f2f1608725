import type { CheckedProgram } from "../3-check/checked-program.ts";
import type { OpSignature, Role } from "../signature/signature.ts";
import { opsOfDeclaration, roles, type SignatureIndex } from "../signature/signature-index.ts";
import type { Trial, TrialWiring } from "./trials.ts";
import { createWiring, isWired, type BoundConstructors, type Wiring } from "./wiring.ts";

/** Wires trials by the constructors that their declarations use: one wiring per combination of constructors. */
export function createTrialWirings(
  program: CheckedProgram,
  index: SignatureIndex,
): (declarations: Trial["declarations"]) => TrialWiring {
  const wirings = new Map<string, TrialWiring>();
  return (declarations) => {
    const ops = roles.map((role) => program.declarations[declarations[role] ?? -1]?.op ?? "");
    const key = ops.join(" ");
    const known = wirings.get(key);
    if (known !== undefined) return known;
    const bound: Partial<Record<Role, OpSignature>> = {};
    roles.forEach((role, position) => {
      const constructor = index.constructors.get(ops[position] ?? "");
      if (constructor !== undefined) bound[role] = constructor;
    });
    const wiring = gatherParams(createWiring(bound, index), bound, index);
    wirings.set(key, wiring);
    return wiring;
  };
}

/** The parameters that reach some metric; where no metric can be made, those of all ops, since that is told elsewhere. */
function gatherParams(wiring: Wiring, bound: BoundConstructors, index: SignatureIndex): TrialWiring {
  const metrics = [...index.metrics.keys()].map((name) => wiring.wireMetric(name)).filter(isWired);
  if (metrics.length > 0) {
    return {
      wiring,
      settable: new Set(metrics.flatMap((op) => [...op.settable])),
      seeds: new Set(metrics.flatMap((op) => [...op.seeds])),
    };
  }
  const params = Object.values(bound).flatMap((constructor) =>
    opsOfDeclaration(index, constructor).flatMap((op) =>
      Object.entries(op.params).map(([name, spec]) => ({ name: `${constructor.role ?? ""}.${name}`, spec })),
    ),
  );
  const seeds = params.filter(({ spec }) => spec.type === "seed" && spec.broadcast !== false);
  return { wiring, settable: new Set(params.map(({ name }) => name)), seeds: new Set(seeds.map(({ name }) => name)) };
}
