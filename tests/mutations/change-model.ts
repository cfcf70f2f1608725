import type { Role } from "@exp-lab/dsl";
import { ofRole, resolve, type Declaration, type Model } from "./model.ts";
import {
  allMetrics,
  paramsOf,
  pick,
  randomBytes,
  randomDeclaration,
  randomSearch,
  randomValue,
  type Random,
} from "./random-model.ts";

/** A model in which one thing means something else than before. */
export interface Change {
  readonly what: string;
  readonly model: Model;
}

/** One change of meaning, of any kind that this model allows. */
export function changeMeaning(model: Model, random: Random): Change {
  for (;;) {
    const [what, change] = pick(random, changes);
    const changed = change(model, random);
    if (changed !== null && JSON.stringify(meaningOf(changed)) !== JSON.stringify(meaningOf(model)))
      return { what, model: changed };
  }
}

/** Null where the model has nothing of the kind. */
type Changer = (model: Model, random: Random) => Model | null;

const changes: readonly (readonly [what: string, change: Changer])[] = [
  ["a parameter", changeParameter],
  ["a parameter", changeParameter],
  ["a parameter", changeParameter],
  [
    "a declaration",
    (model, random) => replaceOne(model, random, ({ role, key }) => randomDeclaration(role, key, random)),
  ],
  ["a new declaration", addDeclaration],
  ["a search", changeSearch],
  ["a file's bytes", changeFile],
  ["the seeds", (model, random) => ({ ...model, seeds: pick(random, [null, [0], [0, 1], [0, 1, 2], [3]]) })],
  [
    "the metrics",
    (model, random) =>
      ({ ...model, metrics: allMetrics.filter(() => random() < 0.5) }).metrics.length === 0
        ? null
        : { ...model, metrics: [pick(random, allMetrics)] },
  ],
  ["an op's version", raiseVersion],
];

/** All that answers can hang on, defaults included, so that a default that is spelled out is no change. */
function meaningOf({ declarations, ...rest }: Model): unknown {
  return {
    ...rest,
    declarations: declarations.map(({ values: _, ...each }) => ({ ...each, resolved: null })),
    values: declarations.map(resolve),
  };
}

function changeParameter(model: Model, random: Random): Model | null {
  return replaceOne(model, random, (declaration) => {
    const params = paramsOf(declaration.op).filter((name) => name !== declaration.search?.param);
    if (params.length === 0) return declaration;
    const param = pick(random, params);
    return { ...declaration, values: { ...declaration.values, [param]: randomValue(declaration.op, param, random) } };
  });
}

function replaceOne(model: Model, random: Random, replace: (declaration: Declaration) => Declaration): Model {
  const chosen = pick(random, model.declarations);
  return withFiles(
    { ...model, declarations: model.declarations.map((each) => (each === chosen ? replace(each) : each)) },
    random,
  );
}

function addDeclaration(model: Model, random: Random): Model | null {
  const role = pick(random, ["dataset", "backbone", "head"] as const satisfies readonly Role[]);
  if (ofRole(model, role).length > 3) return null;
  const added = randomDeclaration(role, `${role}${String(ofRole(model, role).length)}`, random);
  return withFiles({ ...model, declarations: [...model.declarations, added] }, random);
}

function changeSearch(model: Model, random: Random): Model | null {
  const chosen = pick(random, ofRole(model, "head"));
  const search = chosen.search === null || random() < 0.8 ? randomSearch(chosen.op, random) : null;
  const { [search?.param ?? ""]: _, ...values } = chosen.values;
  if (search === null && chosen.op === "linear") return null;
  return {
    ...model,
    declarations: model.declarations.map((each) => (each === chosen ? { ...each, values, search } : each)),
  };
}

function changeFile(model: Model, random: Random): Model | null {
  const keys = Object.keys(model.files);
  return keys.length === 0 ? null : { ...model, files: { ...model.files, [pick(random, keys)]: randomBytes(random) } };
}

function raiseVersion(model: Model, random: Random): Model {
  const op = pick(random, [...model.declarations.map(({ op }) => op), "extract", "split", ...model.metrics]);
  return { ...model, versions: { ...model.versions, [op]: (model.versions[op] ?? 0) + 1 } };
}

/** Every data set that needs a file has one, and no other. */
function withFiles(model: Model, random: Random): Model {
  const keys = model.declarations.filter(({ op }) => op === "medmnist").map(({ key }) => key);
  return { ...model, files: Object.fromEntries(keys.map((key) => [key, model.files[key] ?? randomBytes(random)])) };
}
