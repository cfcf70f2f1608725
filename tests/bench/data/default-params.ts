import type { Op } from "@exp-lab/ops";

/** What the engine fills in for parameters that a program leaves out. */
export function defaultParams({ signature }: Pick<Op, "signature">): Readonly<Record<string, unknown>> {
  const specs = Object.entries(signature.params).filter(([, spec]) => "default" in spec);
  return Object.fromEntries(specs.map(([name, spec]) => [name, "default" in spec ? spec.default : undefined]));
}
