import { damagedWeights, unsupportedWeights } from "../weights-errors.ts";
import type { PickleStorage, PickleValue } from "./pickle-values.ts";

/** Limits on hostile pickles. A tensor takes about 45 opcodes and 6 objects. */
export const pickleLimits = {
  /** Bytes of one pickle. */
  bytes: 2 ** 28,
  /** Opcodes, and items that an opcode looks at. */
  steps: 10_000_000,
  /** Lists, tuples, dictionaries, tensors. */
  objects: 2_000_000,
  /** Bytes of a whole number. */
  numberBytes: 1024,
  /** Bytes of a line: a module or a name. */
  lineBytes: 512,
} as const;

/** More bytes are needed than are at hand: the pickle is cut short, or only its beginning was read. */
export class EndOfPickle extends Error {}

/** The state of reading one pickle: bytes, stack, marks and memo. */
export interface PickleMachine {
  /** The file's own name, for messages. */
  readonly file: string;
  /** Every storage that the pickle names, by key, as it was named first. */
  readonly storages: Map<string, PickleStorage>;
  /** Where the next byte lies. */
  position(): number;
  /** The next bytes, in place. @throws EndOfPickle */
  take(length: number): Buffer;
  /** Text up to a line's end. */
  line(): string;
  push(value: PickleValue): void;
  /** @throws OpError where the stack is empty down to the last mark */
  pop(): PickleValue;
  /** The uppermost value, which stays. */
  top(): PickleValue;
  mark(): void;
  /** What was pushed since the last mark, which goes too. */
  popMark(): PickleValue[];
  memoize(index: number): void;
  /** Under the next free number. */
  memoizeNext(): void;
  recall(index: number): void;
  /** @throws OpError where a limit is passed */
  spend(steps: number): void;
  /** Counts an object that is about to be made. */
  countObject(): void;
  /** The error for what no pickle of Python would say. */
  damaged(problem: string): Error;
}

/** @param bytes the file from its beginning, or the pickle alone
 *  @param start where the pickle begins */
export function createPickleMachine(file: string, bytes: Buffer, start: number): PickleMachine {
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  const memo = new Map<number, PickleValue>();
  let [at, steps, objects] = [start, 0, 0];

  const damaged = (problem: string) => damagedWeights(file, `${problem} (its pickle, before byte ${at})`);
  const requireValue = () => {
    if (stack.length <= (marks.at(-1) ?? 0)) throw damaged("a value is missing on the stack");
  };
  const memoize = (index: number) => {
    requireValue();
    memo.set(index, stack.at(-1) ?? null);
  };
  const tooLarge = (what: string) => unsupportedWeights(file, `its pickle holds more than ${what}`);

  return {
    file,
    storages: new Map(),
    damaged,
    position: () => at,
    take(length) {
      if (at + length - start > pickleLimits.bytes) throw tooLarge(`${pickleLimits.bytes} bytes`);
      if (at + length > bytes.length) throw new EndOfPickle();
      at += length;
      return bytes.subarray(at - length, at);
    },
    line() {
      const window = bytes.subarray(at, at + pickleLimits.lineBytes);
      const end = window.indexOf(0x0a);
      if (end < 0 && window.length < pickleLimits.lineBytes) throw new EndOfPickle();
      if (end < 0) throw damaged("a name does not end");
      at += end + 1;
      return window.toString("utf8", 0, end);
    },
    push: (value) => void stack.push(value),
    pop() {
      requireValue();
      return stack.pop() ?? null;
    },
    top() {
      requireValue();
      return stack.at(-1) ?? null;
    },
    mark: () => void marks.push(stack.length),
    popMark() {
      const mark = marks.pop();
      if (mark === undefined) throw damaged("a mark is missing on the stack");
      return stack.splice(mark);
    },
    memoize,
    memoizeNext: () => memoize(memo.size),
    recall(index) {
      const value = memo.get(index);
      if (value === undefined) throw damaged(`nothing was stored under the number ${index}`);
      stack.push(value);
    },
    spend(count) {
      steps += count;
      if (steps > pickleLimits.steps) throw tooLarge(`${pickleLimits.steps} values`);
    },
    countObject() {
      objects += 1;
      if (objects > pickleLimits.objects) throw tooLarge(`${pickleLimits.objects} objects`);
    },
  };
}
