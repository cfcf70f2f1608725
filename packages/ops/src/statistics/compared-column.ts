import type { ArtifactKinds, KindName } from "../artifacts/kinds.ts";
import type { OpContext } from "../op-context.ts";

/** The inputs `NAME.0`, `NAME.1` and so on, in order. */
export function listInputs<Kind extends KindName>(
  { inputs }: OpContext,
  name: string,
  kind: Kind,
): readonly ArtifactKinds[Kind][] {
  const count = Object.keys(inputs).length;
  return Array.from({ length: count }, (_, index) => {
    const input = inputs[`${name}.${String(index)}`];
    if (input?.kind !== kind) throw new Error(`Input ${name}.${String(index)} should be of kind ${kind}.`);
    return input.value as ArtifactKinds[Kind];
  });
}

/** What of a cell tells whether it can be paired with another. */
export interface ScoredCell {
  readonly value: number | null;
  readonly nGroups: number;
  readonly examples: string;
}

/** Whether all cells were scored on the same examples, and what has to be said where they were not. */
export function commonExamples(
  cells: readonly ScoredCell[],
  best: number,
): { readonly nGroups: number | null; readonly notes: readonly string[] } {
  const isCommon = new Set(cells.map(({ examples }) => examples)).size === 1;
  const reference = cells[best];
  const apart = cells.filter(({ value, examples }) => value !== null && examples !== reference?.examples).length;
  const unpaired =
    reference === undefined || apart === 0
      ? []
      : [
          apart === 1
            ? "1 cell was scored on other examples than the best one and is not tested against it."
            : `${String(apart)} cells were scored on other examples than the best one and are not tested against it.`,
        ];
  return { nGroups: isCommon ? (cells[0]?.nGroups ?? null) : null, notes: unpaired };
}

export function describeTests(kind: string, tests: number): string {
  return `${kind} against the best cell, two-sided, Holm over ${String(tests)} ${tests === 1 ? "test" : "tests"}`;
}
