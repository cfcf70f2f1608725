/** Plain data that has a spelling in JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** What every op answers to fixed questions, by op name: the committed file that versions are held to. */
export type AnswersLock = Readonly<Record<string, LockedOp>>;

export interface LockedOp {
  readonly version: number;
  /** `locator`: in no fingerprint. */
  readonly inputs: Readonly<Record<string, "semantic" | "locator">>;
  readonly params: Readonly<Record<string, LockedParam>>;
  /** By the name of the case. */
  readonly answers: Readonly<Record<string, LockedAnswer>>;
}

export interface LockedParam {
  /** `cosmetic`: in no fingerprint. */
  readonly meaning: "semantic" | "cosmetic";
  /** Absent where the parameter must be written. */
  readonly default?: Json;
}

/**
 * `exactly`: the SHA-256 (hex) of the answer's encoded bytes. `nearly`: for answers whose last bits hang on the processor, its
 * fields as they are, and of each array the element type, the length and some of the values.
 */
export type LockedAnswer = { readonly exactly: string } | { readonly nearly: NearAnswer };

export interface NearAnswer {
  readonly fields: Json;
  readonly arrays: Readonly<Record<string, NearArray>>;
}

export interface NearArray {
  readonly type: string;
  readonly length: number;
  /** Numbers with spaces in between, so that they stand on one line; not finite ones by their names. */
  readonly some: string;
}

/** What writes the lock anew. */
export const writeLock = "UPDATE=1 npx vitest run packages/ops/src/builtin-ops.test.ts";

/** One sentence for everything in which the ops as they are (`found`) and the lock differ; none where they agree. */
export function compareWithLock(found: AnswersLock, locked: AnswersLock): readonly string[] {
  const names = [...new Set([...Object.keys(found), ...Object.keys(locked)])].sort();
  return names.flatMap((name) => compareOp(name, found[name], locked[name]));
}

/**
 * The lock as it has to be, but for what it must not forget: an op whose answer has changed keeps its entry until its
 * version goes up. Answers that are as good as the locked ones leave those as they stand.
 */
export function renewLock(found: AnswersLock, locked: AnswersLock): AnswersLock {
  const names = Object.keys(found).sort();
  return Object.fromEntries(names.map((name) => [name, renewOp(name, found[name]!, locked[name])]));
}

function renewOp(name: string, found: LockedOp, locked: LockedOp | undefined): LockedOp {
  if (locked === undefined || found.version > locked.version) return found;
  if (found.version < locked.version || describeChanges(name, found, locked).length > 0) return locked;
  const answers = Object.entries(found.answers).map(([title, answer]) => [title, locked.answers[title] ?? answer]);
  return { ...found, answers: Object.fromEntries(answers) as LockedOp["answers"] };
}

function compareOp(name: string, found: LockedOp | undefined, locked: LockedOp | undefined): readonly string[] {
  if (found === undefined)
    return [`The lock has an entry for \`${name}\`, which is no op: write it anew with ${writeLock}`];
  if (locked === undefined) return [`The lock has no entry for \`${name}\`: write it anew with ${writeLock}`];
  if (found.version < locked.version) {
    return [
      `\`${name}\` has version ${String(found.version)}, but the lock has ${String(locked.version)}: versions only go up.`,
    ];
  }
  if (found.version > locked.version) {
    const versions = `version ${String(locked.version)} of \`${name}\`, which has ${String(found.version)} now`;
    return [`The lock holds ${versions}: write it anew with ${writeLock}`];
  }
  const changes = describeChanges(name, found, locked);
  if (changes.length > 0) return changes;
  const isStale = listOf(found) !== listOf(locked);
  return isStale
    ? [`The cases, parameters or inputs of \`${name}\` are not those of the lock: write it anew with ${writeLock}`]
    : [];
}

/** What may not change while the version stays. That a parameter, an input or a case is new changes no stored answer. */
function describeChanges(name: string, found: LockedOp, locked: LockedOp): readonly string[] {
  const advice = `raise its version, then write the lock anew with ${writeLock}`;
  const answers = shared(found.answers, locked.answers).flatMap(([title, now, before]) => {
    const difference = findDifference(now, before);
    return difference === null ? [] : [`The answer of \`${name}\` has changed (${title}: ${difference}): ${advice}`];
  });
  const params = shared(found.params, locked.params).flatMap(([param, now, before]) => {
    const difference = findParamChange(now, before);
    return difference === null ? [] : [`The parameter \`${param}\` of \`${name}\` ${difference}: ${advice}`];
  });
  const inputs = shared(found.inputs, locked.inputs).flatMap(([input, now, before]) =>
    now === "locator" && before === "semantic"
      ? [`The input \`${input}\` of \`${name}\` has become a locator, which is in no fingerprint: ${advice}`]
      : [],
  );
  return [...answers, ...params, ...inputs];
}

function findParamChange(now: LockedParam, before: LockedParam): string | null {
  if (now.meaning === "cosmetic" && before.meaning === "semantic") {
    return "has become cosmetic, so that it is in no fingerprint any more";
  }
  // Of a cosmetic parameter no answer hangs on the default.
  if (now.meaning === "cosmetic" || isSame(now.default, before.default)) return null;
  return `has another default (${spell(before.default)} -> ${spell(now.default)})`;
}

/** What tells two answers apart, in words; null where nothing does. */
function findDifference(now: LockedAnswer, before: LockedAnswer): string | null {
  if ("exactly" in now || "exactly" in before) {
    if (!("exactly" in now && "exactly" in before)) return "it is compared in another way";
    return now.exactly === before.exactly ? null : "its bytes are others";
  }
  if (!isSame(now.nearly.fields, before.nearly.fields)) {
    return `its fields were ${spell(before.nearly.fields)}, and are ${spell(now.nearly.fields)}`;
  }
  const names = [...new Set([...Object.keys(now.nearly.arrays), ...Object.keys(before.nearly.arrays)])].sort();
  for (const name of names) {
    const difference = findArrayDifference(now.nearly.arrays[name], before.nearly.arrays[name]);
    if (difference !== null) return `${name} ${difference}`;
  }
  return null;
}

function findArrayDifference(now: NearArray | undefined, before: NearArray | undefined): string | null {
  if (now === undefined || before === undefined) return now === undefined ? "is gone" : "is new";
  if (now.type !== before.type || now.length !== before.length) {
    return `was ${before.type}[${String(before.length)}], and is ${now.type}[${String(now.length)}]`;
  }
  const [numbers, former] = [numbersOf(now), numbersOf(before)];
  const isNear = numbers.length === former.length && numbers.every((value, index) => near(value, former[index]!));
  return isNear ? null : `was ${before.some}, and is ${now.some}`;
}

function numbersOf({ some }: NearArray): readonly number[] {
  return some === "" ? [] : some.split(" ").map(Number);
}

/**
 * The lock says six digits, and about four of them are held to: kernels of another processor sum in another order, and
 * their float32 differs in the seventh digit, more after some steps of training. A distance is compared, since digits that
 * were cut off would differ wherever a value lies beside the cut.
 */
function near(a: number, b: number): boolean {
  if (!Number.isFinite(a) || !Number.isFinite(b)) return Object.is(a, b);
  return Math.abs(a - b) <= 1e-4 * Math.max(Math.abs(a), Math.abs(b)) + 1e-6;
}

function shared<Value>(
  found: Readonly<Record<string, Value>>,
  locked: Readonly<Record<string, Value>>,
): readonly (readonly [string, Value, Value])[] {
  return Object.entries(found).flatMap(([name, now]) => {
    const before = locked[name];
    return before === undefined ? [] : [[name, now, before] as const];
  });
}

/** Everything of an op but what its answers are. */
function listOf({ inputs, params, answers }: LockedOp): string {
  return spell({ inputs, params: params as unknown as Json, answers: Object.keys(answers).sort() });
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return spell(a) === spell(b);
}

/** One spelling per value, whatever the order of its members. */
function spell(value: Json | undefined): string {
  return value === undefined ? "none" : JSON.stringify(sorted(value));
}

/** The same value with the members of its objects in the order of their names. */
export function sorted(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (isList(value)) return value.map(sorted);
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(value[name]!)]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
