import type { Role } from "@exp-lab/dsl";
import type { Declaration, Model, Search, Value } from "./model.ts";

export type Random = () => number;

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("Nothing to choose from.");
  return item;
}

/** What each parameter may be. Those that must go together (sizes of a transformer) stay as they are. */
const choices: Readonly<Record<string, Readonly<Record<string, readonly Value[]>>>> = {
  phantoms: {
    train: [12, 40, 400],
    test: [8, 16],
    contrast: [80, 40.5],
    noise: [10, 0],
    variation: [1, 0.25],
    seed: [0, 1, 7],
  },
  medmnist: {},
  vit: {
    weights: [0, 1, 2, 3, 4].map((weights) => ({ weights })),
    // Heads ask for two blocks at most: one would be too few, which is found before anything is asked.
    depth: [2, 3, 12],
    mlp_ratio: [4, 0.5],
    image_size: [32, 64, 224],
  },
  knn: {
    k: [1, 3, 20],
    vote: ["softmax", "uniform"],
    // Not the temperature: beside a uniform vote it means nothing, and changing it rightly changes no question.
    metric: ["cosine", "euclidean"],
    standardise: [false, true],
  },
  logistic: { c: [1, 0.1, 1e-3], standardise: [true, false], max_iterations: [5000, 10], tolerance: [1e-10, 1e-4] },
  linear: {
    lr: [0.1, 0.01, 1e-3],
    weight_decay: [0, 1e-4],
    momentum: [0.9, 0],
    epochs: [100, 3],
    batch_size: [128, 7],
    schedule: ["cosine", "constant"],
    avgpool: [false, true],
    blocks: [1, 2],
    seed: [0, 5],
  },
};

const constructors: Readonly<Record<Role, readonly string[]>> = {
  dataset: ["phantoms", "medmnist"],
  backbone: ["vit"],
  head: ["knn", "logistic", "linear"],
};

/** What a search of a head goes over. */
const searched: Readonly<Record<string, readonly [param: string, values: readonly number[]]>> = {
  knn: ["k", [1, 3, 5, 20]],
  logistic: ["c", [0.01, 0.1, 1, 10]],
  linear: ["lr", [0.001, 0.01, 0.1, 1]],
};

export const allMetrics = ["auroc", "accuracy", "f1", "balanced_accuracy"] as const;

/** One or two data sets and backbones, up to three heads, now and then seeds and searches. */
export function randomModel(random: Random): Model {
  const several = (role: Role, most: number): readonly Declaration[] =>
    Array.from({ length: 1 + Math.floor(random() * most) }, (_, index) =>
      randomDeclaration(role, `${role}${String(index)}`, random),
    );
  const declarations = [...several("dataset", 2), ...several("backbone", 2), ...several("head", 3)];
  const files = declarations.filter(({ op }) => op === "medmnist").map(({ key }) => [key, randomBytes(random)]);
  return {
    ...{ declarations, files: Object.fromEntries(files) as Record<string, string>, versions: {} },
    seeds: random() < 0.3 ? [0, 1] : null,
    metrics: random() < 0.5 ? ["auroc"] : ["auroc", "accuracy"],
  };
}

export function randomDeclaration(role: Role, key: string, random: Random): Declaration {
  const op = pick(random, constructors[role]);
  const search = role === "head" && random() < 0.3 ? randomSearch(op, random) : null;
  const values: Record<string, Value> = op === "vit" ? { weights: randomValue(op, "weights", random) } : {};
  for (const name of paramsOf(op)) {
    const isNeeded = op === "linear" && name === "lr";
    if (name !== search?.param && (isNeeded || random() < 0.3)) values[name] = randomValue(op, name, random);
  }
  return { key, role, op, values, search };
}

export function paramsOf(op: string): readonly string[] {
  return Object.keys(choices[op] ?? {});
}

export function randomValue(op: string, param: string, random: Random): Value {
  return pick(random, choices[op]?.[param] ?? []);
}

export function randomSearch(op: string, random: Random): Search {
  const [param, all] = searched[op]!;
  const start = Math.floor(random() * 2);
  return {
    param,
    values: all.slice(start, start + 2 + Math.floor(random() * 2)),
    metric: pick(random, ["auroc", "accuracy"]),
    refit: pick(random, ["train", "train + val"]),
  };
}

/** A few letters stand for a file's bytes: planning reads them only to hash them. */
export function randomBytes(random: Random): string {
  return random().toString(36).slice(2, 12).padEnd(10, "x");
}
