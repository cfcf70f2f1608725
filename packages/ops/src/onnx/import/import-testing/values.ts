import { randomOf } from "../../differentiate/gradient-testing/random.ts";
import type { Values } from "./run-applied.ts";

/** Numbers of no meaning from -2 to 2, exact in float32, the same for the same name. */
export function floats(shape: readonly number[], name: string): Values {
  const random = randomOf(seedOf(name));
  const count = shape.reduce((product, size) => product * size, 1);
  return { type: "float32", shape, values: Array.from({ length: count }, () => random.integer(-8192, 8192) / 4096) };
}

/** The same for the same name. */
export function seedOf(name: string): number {
  return Array.from(name).reduce((sum, letter, place) => sum + (place + 1) * (letter.codePointAt(0) ?? 0), 0);
}

export function float(value: number): Values {
  return { type: "float32", shape: [], values: [value] };
}

export function integers(...values: readonly number[]): Values {
  return { type: "int64", shape: [values.length], values };
}

export function integer(value: number): Values {
  return { type: "int64", shape: [], values: [value] };
}

export function bools(shape: readonly number[], ...values: readonly number[]): Values {
  return { type: "bool", shape, values };
}
