import { ofRole, resolve, seedsOf, type Declaration, type Model } from "./model.ts";

/** The scores that a program asks for, by the keys of what they are of. */
export interface AskedScore {
  readonly dataset: string;
  readonly backbone: string;
  readonly head: string;
  readonly metric: string;
  /** The place of the seed in the axis; 0 where there is none. */
  readonly seed: number;
  /** Everything that the score hangs on, written out. */
  readonly identity: string;
}

/**
 * What a score hangs on, by the rules of the language and not by the planner's own keys: whatever its data set, backbone and
 * head mean, the bytes of files, the seed where the head is fitted with one, and the versions of all ops on the way.
 */
export function askedScores(model: Model): readonly AskedScore[] {
  const scores: AskedScore[] = [];
  for (const dataset of ofRole(model, "dataset")) {
    for (const backbone of ofRole(model, "backbone")) {
      for (const head of ofRole(model, "head")) {
        for (const metric of model.metrics) {
          for (const [place, seed] of seedsOf(head, model).entries()) {
            const identity = JSON.stringify({
              ...{
                dataset: meaning(dataset, model),
                file: model.files[dataset.key],
                backbone: meaning(backbone, model),
              },
              ...{ head: meaning(head, model, seed), search: searchMeaning(head, model) },
              ...{
                metric: [metric, model.versions[metric]],
                way: [model.versions["extract"], model.versions["split"]],
              },
            });
            scores.push({
              dataset: dataset.key,
              backbone: backbone.key,
              head: head.key,
              metric,
              seed: place,
              identity,
            });
          }
        }
      }
    }
  }
  return scores;
}

function meaning(declaration: Declaration, { versions }: Model, seed: number | null = null): unknown {
  const resolved = resolve(declaration);
  return [declaration.op, versions[declaration.op], seed === null ? resolved : { ...resolved, seed }];
}

function searchMeaning({ search }: Declaration, { versions }: Model): unknown {
  return search === null ? null : [search, versions[search.metric]];
}
