import type { Declaration, Model, Search, Value } from "./model.ts";
import { ofRole, resolve, seedsOf } from "./model.ts";
import type { Random } from "./random-model.ts";

/** A text that means what a model means, and the names by which it calls what is in it. */
export interface WrittenProgram {
  readonly text: string;
  /** Names by key. */
  readonly names: ReadonlyMap<string, string>;
  /** Where the files lie, by key. */
  readonly paths: ReadonlyMap<string, string>;
}

/** Writes a model in a way that is drawn: names, order, white space, comments, defaults, spellings of numbers, places of files. */
export function writeProgram(model: Model, random: Random): WrittenProgram {
  const number = Math.floor(random() * 1000);
  const names = new Map(model.declarations.map(({ key }) => [key, random() < 0.5 ? key : `${key}_${String(number)}`]));
  const paths = new Map(Object.keys(model.files).map((key) => [key, `${random() < 0.5 ? "a" : "b c"}/${key}.npz`]));
  const nameOf = (key: string): string => names.get(key) ?? key;
  const listOf = (role: string): string => {
    const keys = model.declarations.filter((each) => each.role === role).map(({ key }) => nameOf(key));
    return `[${shuffle(keys, random).join(", ")}]`;
  };
  const declared = shuffle(model.declarations, random).map((declaration) =>
    declare(declaration, { name: nameOf(declaration.key), path: paths.get(declaration.key) ?? null, random }),
  );
  const axes = ["dataset", "backbone", "head"].map((role) => `${role}: ${listOf(role)}`);
  const [seeds] = ofRole(model, "head")
    .map((head) => seedsOf(head, model))
    .filter(([seed]) => seed !== null);
  if (seeds !== undefined) axes.push(`seed: [${seeds.join(", ")}]`);
  const gap = random() < 0.5 ? "\n\n" : "\n// A word on what comes next.\n";
  const text = [
    "exp 1",
    ...declared,
    `sweep all {\n  ${shuffle(axes, random).join("\n  ")}\n}`,
    `table "Scores ${String(number)}" {\n  from: all\n  rows: backbone, head\n  columns: dataset\n  cells: ${model.metrics.map((metric) => `test.${metric}`).join(", ")}\n}`,
  ].join(gap);
  return { text: `${text}\n`, names, paths };
}

interface Writing {
  readonly name: string;
  readonly path: string | null;
  readonly random: Random;
}

function declare(declaration: Declaration, { name, path, random }: Writing): string {
  const { role, op, values, search } = declaration;
  // A default that is spelled out means what it meant.
  const defaults = Object.entries(resolve(declaration)).filter(
    ([param, value]) => !(param in values) && isPlain(value),
  );
  const spelled = defaults.filter(() => random() < 0.2) as [string, Value][];
  const fields = [...Object.entries(values), ...spelled].map(([param, value]) => `${param}: ${spell(value, random)}`);
  if (path !== null) fields.push(`file: "${path}"`);
  if (op === "vit" && random() < 0.3) fields.push(`batch_size: ${String(2 + Math.floor(random() * 64))}`);
  const separator = random() < 0.5 ? "  " : random() < 0.5 ? "\n  " : ", ";
  return `${role} ${name} = ${op} { ${shuffle(fields, random).join(separator)}${writeSearch(search, random)} }`;
}

function writeSearch(search: Search | null, random: Random): string {
  if (search === null) return "";
  const { param, values, metric, refit } = search;
  const over = `over { ${param}: [${values.map((value) => spell(value, random)).join(", ")}] }`;
  return `\n  search { ${shuffle([over, `select: max val.${metric}`, `refit: ${refit}`], random).join("  ")} }`;
}

function isPlain(value: unknown): boolean {
  return typeof value === "number" || typeof value === "boolean";
}

function spell(value: Value, random: Random): string {
  if (typeof value === "object") return `random(${String(value.weights)})`;
  if (typeof value !== "number" || random() < 0.6) return String(value);
  return Number.isInteger(value) && random() < 0.5 ? value.toFixed(1) : value.toExponential();
}

function shuffle<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
