import { OpError } from "../../op-error.ts";
import { nearestName } from "../../onnx/nearest-name.ts";
import type { Naming } from "../naming/naming.ts";
import { readStoredWeight } from "./read-stored-weight.ts";
import { toFloat32 } from "./to-float32.ts";
import type { StoredWeight, WeightTable } from "./weight-table.ts";

/** A file's weights by the architecture's names. */
export interface NamedWeights {
  /** The file's name, for messages. */
  readonly file: string;
  /** Whose names the file has, for messages. */
  readonly naming: string;
  readonly weights: ReadonlyMap<string, NamedWeight>;
  /** The file's names of tensors inside the network's blocks that the architecture does not know. */
  readonly strangers: readonly string[];
  /** Bytes of those that lie apart, by the architecture's name. */
  readonly bytes: ReadonlyMap<string, Uint8Array>;
  /** Values of those whose type no graph of ours has (bfloat16, whole numbers). */
  readonly floats: ReadonlyMap<string, Float32Array>;
}

export interface NamedWeight {
  readonly stored: StoredWeight;
  /** The file's own name. */
  readonly original: string;
  /** Whether its bytes are right and its shape is another. */
  readonly isReshaped: boolean;
}

export interface NamingRequest {
  /** In the order in which they are tried. */
  readonly namings: readonly Naming[];
  /** What stands before the names that are wanted, where a file holds several networks; null: found out. */
  readonly prefix: string | null;
}

/**
 * Finds out whose names a file has, and under which prefix (`module.`, `teacher.backbone.`), and gives its weights by the
 * architecture's. @throws OpError `weights-unknown-names`, `weights-ambiguous`
 */
export async function nameWeights(table: WeightTable, request: NamingRequest): Promise<NamedWeights> {
  const { naming, prefix } = chooseNaming(table, request);
  const weights = new Map<string, NamedWeight>();
  const others: string[] = [];
  for (const [original, stored] of table.weights) {
    if (!original.startsWith(prefix)) continue;
    const own = original.slice(prefix.length);
    const name = naming.rename(own);
    if (name === null) others.push(original);
    else weights.set(name, { stored, original, isReshaped: naming.reshapes?.(own) ?? false });
  }
  const strangers = strangersAmong(others, weights);
  const bytes = new Map<string, Uint8Array>();
  const floats = new Map<string, Float32Array>();
  for (const [name, { stored }] of weights) {
    const isKnown = stored.type === "float32" || stored.type === "float16" || stored.type === "float64";
    if (!isKnown) floats.set(name, toFloat32(stored.type, await readStoredWeight(table, stored)));
    else if (stored.place.kind === "apart") bytes.set(name, await stored.place.read());
  }
  return { file: table.file, naming: naming.name, weights, strangers, bytes, floats };
}

/**
 * What lies in a block that has known tensors (its name up to the last number is theirs) belongs to the network; a classifier or a
 * decoder has blocks of its own. Counters of batches are no weights.
 */
function strangersAmong(others: readonly string[], weights: ReadonlyMap<string, NamedWeight>): readonly string[] {
  const blocks = new Set([...weights.values()].flatMap(({ original }) => blockOf(original) ?? []));
  return others.filter((name) => blocks.has(blockOf(name) ?? "") && !name.endsWith(".num_batches_tracked"));
}

function blockOf(name: string): string | null {
  return /^.*\.\d+\./.exec(name)?.[0] ?? null;
}

interface Choice {
  readonly naming: Naming;
  readonly prefix: string;
}

function chooseNaming(table: WeightTable, { namings, prefix }: NamingRequest): Choice {
  const names = [...table.weights.keys()];
  const prefixes = prefix === null ? prefixesOf(names) : [prefix];
  const choices = prefixes.flatMap((each) => {
    const own = new Set(names.flatMap((name) => (name.startsWith(each) ? [name.slice(each.length)] : [])));
    const naming = namings.find((candidate) => candidate.fits(own));
    return naming === undefined ? [] : [{ naming, prefix: each }];
  });
  const [first, second] = choices;
  if (first !== undefined && second === undefined) return first;
  if (first !== undefined) {
    const found = choices.map((choice) => `"${choice.prefix}"`).join(" and ");
    throw new OpError(
      "weights-ambiguous",
      `${table.file} holds the weights of several networks, under ${found}.`,
      `Say which is meant, e.g. weights_prefix: "${choices.at(-1)!.prefix}".`,
    );
  }
  throw unknownNames(table, { namings, prefix });
}

/** What may stand before a name: the empty text, and every beginning of words, not of numbers (those count blocks). */
function prefixesOf(names: readonly string[]): readonly string[] {
  const found = new Set([""]);
  for (const name of names) {
    const words = name.split(".").slice(0, -1);
    const numbered = words.findIndex((word) => /^\d+$/.test(word));
    const own = numbered < 0 ? words : words.slice(0, numbered);
    own.forEach((_, index) => found.add(`${own.slice(0, index + 1).join(".")}.`));
  }
  return [...found];
}

function unknownNames(table: WeightTable, { namings, prefix }: NamingRequest): OpError {
  const names = [...table.weights.keys()];
  const some = names.slice(0, 3).map((name) => `"${name}"`);
  const held = names.length === 0 ? "no tensors at all" : `${String(names.length)} tensors (${some.join(", ")} ...)`;
  const under = prefix === null ? "" : ` under the prefix "${prefix}"`;
  const near = prefix === null ? null : nearestName(prefix, prefixesOf(names));
  return new OpError(
    "weights-unknown-names",
    `${table.file} holds ${held}, which are not named${under} as any file of this architecture is (${namings.map(({ name }) => name).join(", ")}).`,
    near === null ? "Check that these are weights of this architecture." : `Did you mean weights_prefix: "${near}"?`,
  );
}
