import type { Role } from "@exp-lab/dsl";
import { builtinOps } from "@exp-lab/ops";

/** A program as what it means. Its names, its order and how it is written come from a style: see `write-program.ts`. */
export interface Model {
  readonly declarations: readonly Declaration[];
  /** The values of a bare `seed` axis; null where there is none. */
  readonly seeds: readonly number[] | null;
  readonly metrics: readonly string[];
  /** Bytes of the files that data sets name, by their declaration's key. */
  readonly files: Readonly<Record<string, string>>;
  /** How much later than today's an op's version is. */
  readonly versions: Readonly<Record<string, number>>;
}

/** `key` names it in the model; a style may call it otherwise. */
export interface Declaration {
  readonly key: string;
  readonly role: Role;
  /** The word of its constructor. */
  readonly op: string;
  /** What it sets; everything else has its default. */
  readonly values: Readonly<Record<string, Value>>;
  readonly search: Search | null;
}

/** Weights are random ones, named by their seed. */
export type Value = boolean | number | string | { readonly weights: number };

export interface Search {
  readonly param: string;
  readonly values: readonly number[];
  readonly metric: string;
  readonly refit: "train" | "train + val";
}

/** The values of the `seed` axis that a head is fitted with; one null where it draws nothing, or there is no axis. */
export function seedsOf(head: Declaration, { seeds }: Pick<Model, "seeds">): readonly (number | null)[] {
  return seeds !== null && "seed" in resolve(head) ? seeds : [null];
}

export function ofRole({ declarations }: Pick<Model, "declarations">, role: Role): readonly Declaration[] {
  return declarations.filter((declaration) => declaration.role === role);
}

/** What a declaration means by every parameter of a plain kind that can change an answer: what it sets, or the default. */
export function resolve({ op, values, search }: Declaration): Readonly<Record<string, unknown>> {
  const { params } = builtinOps.find(({ signature }) => signature.name === op)!.signature;
  const plain = Object.entries(params).filter(
    ([name, { semantic, type }]) =>
      semantic !== false && type !== "wired" && type !== "split" && name !== search?.param,
  );
  return Object.fromEntries(
    plain.map(([name, spec]) => [name, values[name] ?? ("default" in spec ? spec.default : null)]),
  );
}
