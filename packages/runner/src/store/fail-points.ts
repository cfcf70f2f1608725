/**
 * Everything by which a coordinator changes what lies on the disk, by name, in one list: so that a test can kill a process
 * at every one of them, and a write that has no name is found. Each name stands for one place in the code.
 */
export const transactions = [
  ...["raise the schema", "start run", "finish run", "save file digests", "save weight source"],
  ...["claim work", "renew leases", "release work"],
  ...["save answer", "link answer", "save rows", "drop artifact", "drop damage"],
  ...["save run task", "note stored tasks", "save asked tasks", "note use"],
  ...["remove answers", "remove content answers", "remove artifacts", "remove rows", "remove history"],
  ...["drop shard files", "drop shards", "move shard", "make indexes anew"],
] as const;

/** Writes that are no transaction of the store's tables. */
export const fileWrites = [
  ...["make folder", "write file", "rename file", "remove file"],
  ...["set up store file", "give back pages", "cut log", "close store"],
  ...["lay down input", "remove input", "remove answer"],
  ...["open guard", "close guard", "take lock", "renew lock", "drop lock"],
  ...["make shard file", "write shard", "remove shard", "remove shard file", "shrink shard file"],
] as const;

export type Transaction = (typeof transactions)[number];
export type FileWrite = (typeof fileWrites)[number];

/** A moment of a write. `in`: all is written that belongs to a transaction, and not committed yet. */
export type FailPoint = `${"before" | "in" | "after"} ${Transaction}` | `${"before" | "after"} ${FileWrite}`;

export const failPoints: readonly FailPoint[] = [
  ...transactions.flatMap((name) => [`before ${name}`, `in ${name}`, `after ${name}`] as const),
  ...fileWrites.flatMap((name) => [`before ${name}`, `after ${name}`] as const),
];

/** Hears of every fail point that is passed. Whoever opens a store may hand one in, to end the process there. */
export type WriteWatch = (point: FailPoint) => void;

/** What is reached concerns nobody. */
export const unwatched: WriteWatch = () => undefined;

/** A write that is no transaction, between its two points. */
export function writeFiles<Value>(name: FileWrite, watch: WriteWatch, write: () => Value): Value {
  watch(`before ${name}`);
  const value = write();
  watch(`after ${name}`);
  return value;
}

/** The same of a write that is not done at once. */
export async function writeFilesLater<Value>(
  name: FileWrite,
  watch: WriteWatch,
  write: () => Promise<Value>,
): Promise<Value> {
  watch(`before ${name}`);
  const value = await write();
  watch(`after ${name}`);
  return value;
}
