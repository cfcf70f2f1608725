import type { WeightType } from "../weight-table.ts";

/** What a pickle is read as: plain data and tensors, and nothing that could act. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleSequence<"list">
  | PickleSequence<"tuple">
  | PickleDict
  | PickleGlobal
  | PickleInert
  | PickleStorage
  | PickleTensor;

export interface PickleSequence<K extends "list" | "tuple"> {
  readonly kind: K;
  readonly items: PickleValue[];
}

/** A dictionary, ordered or not. A Map, so that a key such as `__proto__` is a key like any other. */
export interface PickleDict {
  readonly kind: "dict";
  readonly entries: Map<PickleValue, PickleValue>;
}

/** A name that Python would import: `module.name`, one of `pickle-globals.ts`. */
export interface PickleGlobal {
  readonly kind: "global";
  readonly name: string;
}

/** In place of an object that is of no use here, such as the command line of a training. It holds nothing. */
export interface PickleInert {
  readonly kind: "inert";
  readonly name: string;
}

/** Values that tensors share. */
export interface PickleStorage {
  readonly kind: "storage";
  readonly type: WeightType;
  readonly key: string;
  /** Elements of the whole storage. */
  readonly count: number;
  /** In a legacy file, a part of it that is a storage of its own. Elements. */
  readonly view: { readonly offset: number; readonly count: number } | null;
}

/** A look at a storage. Offset and strides are in elements. */
export interface PickleTensor {
  readonly kind: "tensor";
  readonly storage: PickleStorage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

type PickleObject = Exclude<PickleValue, null | boolean | number | bigint | string | Uint8Array>;

export function isPickleObject(value: PickleValue): value is PickleObject {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

export function isOfKind<K extends PickleObject["kind"]>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<PickleObject, { readonly kind: K }> {
  return value !== undefined && isPickleObject(value) && value.kind === kind;
}

/** A count or an index: a whole number from 0 that a double holds exactly. */
export function isCount(value: PickleValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
