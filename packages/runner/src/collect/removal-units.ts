import type { Digest, Fingerprint } from "../hash/digests.ts";
import {
  millisecondsPerDay,
  type InventoryAnswer,
  type InventoryArtifact,
  type InventoryContentAnswer,
  type InventoryShard,
} from "../store/upkeep.ts";
import type { RemovalRequest } from "./choose-removal.ts";

/** What goes or stays as one: an artifact with the answers that it is, or rows of a shard that were last used on one day. */
export interface RemovalUnit {
  readonly answers: readonly Fingerprint[];
  readonly contentAnswers: readonly InventoryContentAnswer[];
  /** Null where something that stays is it too. */
  readonly artifact: InventoryArtifact | null;
  readonly rows: InventoryShard | null;
  /** What the file shrinks by, at least about. */
  readonly bytes: number;
  /** The end of the day on which it was last used (milliseconds); null where that is not known. */
  readonly lastUsed: number | null;
  /** False for what nothing refers to: it goes whatever the policy. */
  readonly isReferred: boolean;
}

/**
 * Everything that is not reached, the least recently used first. Within one day features go before the rest, being large
 * and cheap to keep a table without, and a row set before its rows: nothing counts as stored whose rows are gone.
 */
export function listUnits(request: RemovalRequest): readonly RemovalUnit[] {
  const units = [...artifactUnits(request), ...request.inventory.shards.flatMap((shard) => rowUnits(shard, request))];
  return units.sort((a, b) => compare(a.order, b.order)).map(({ unit }) => unit);
}

interface OrderedUnit {
  readonly unit: RemovalUnit;
  readonly order: readonly number[];
}

function artifactUnits({ inventory, reach, rowSetKinds }: RemovalRequest): readonly OrderedUnit[] {
  const answersOf = groupBy(inventory.answers, ({ artifact }) => artifact);
  const contentsOf = groupBy(inventory.contentAnswers, ({ artifact }) => artifact);
  const isAnswerReached = ({ fingerprint }: InventoryAnswer): boolean => reach.answers.has(fingerprint);
  const isContentReached = ({ recipe, key }: InventoryContentAnswer): boolean =>
    reach.contents.get(recipe)?.has(key) === true;
  return inventory.artifacts.flatMap((artifact) => {
    const answers = answersOf.get(artifact.digest) ?? [];
    const contents = contentsOf.get(artifact.digest) ?? [];
    const isReached =
      reach.artifacts.has(artifact.digest) || answers.some(isAnswerReached) || contents.some(isContentReached);
    const day = answers.reduce((latest, answer) => Math.max(latest, answer.day), -1);
    const run = answers.reduce((latest, answer) => Math.max(latest, answer.run), 0);
    const unit: RemovalUnit = {
      answers: answers.filter((answer) => !isAnswerReached(answer)).map(({ fingerprint }) => fingerprint),
      contentAnswers: contents.filter((content) => !isContentReached(content)),
      artifact: isReached ? null : artifact,
      rows: null,
      bytes: isReached ? 0 : artifact.bytes,
      lastUsed: day < 0 ? null : endOf(day),
      isReferred: isReached || answers.length + contents.length > 0,
    };
    const goes = unit.artifact !== null || unit.answers.length + unit.contentAnswers.length > 0;
    return goes ? [{ unit, order: [day, rowSetKinds.has(artifact.kind) ? 0 : 2, run, -unit.bytes] }] : [];
  });
}

function rowUnits(shard: InventoryShard, { reach, rowUses }: RemovalRequest): readonly OrderedUnit[] {
  const reached = reach.rows.get(shard.recipe);
  if (reached === "all") return [];
  const uses = rowUses.get(shard.recipe);
  const loose = shard.examples.filter((example) => reached?.has(example) !== true);
  const byDay = groupBy(loose, (example) => Math.max(shard.day, uses?.get(example) ?? 0));
  return [...byDay].map(([day, examples]) => {
    const bytes = examples.length * (shard.bytesPerRow + headerBytesPerRow);
    const unit: RemovalUnit = {
      ...{ answers: [], contentAnswers: [], artifact: null, isReferred: true, bytes },
      rows: { ...shard, examples },
      lastUsed: endOf(day),
    };
    return { unit, order: [day, 1, shard.run, shard.id] };
  });
}

/** What a shard's header says of each row. */
const headerBytesPerRow = 40;

function endOf(day: number): number {
  return (day + 1) * millisecondsPerDay;
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((value, index) => value !== b[index]);
  return differing < 0 ? 0 : a[differing]! - b[differing]!;
}

function groupBy<Value, Key extends Digest | number>(
  values: readonly Value[],
  keyOf: (value: Value) => Key,
): ReadonlyMap<Key, readonly Value[]> {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
