import { closeSync, openSync, writeSync } from "node:fs";
import type { engine } from "@exp-lab/ops";
import { hashedValues } from "../../ops/reference/hashed-weights.ts";

/**
 * Writes weights in float32 as a safetensors file, one tensor at a time, and says how many bytes their values take.
 * @param make gives the values of a weight, row-major
 */
export function writeWeights(
  path: string,
  weights: readonly engine.AskedWeight[],
  make: (name: string, shape: readonly number[]) => Float32Array,
): number {
  let end = 0;
  const places = weights.map(({ name, shape }) => {
    const begin = end;
    end += Float32Array.BYTES_PER_ELEMENT * sizeOf(shape);
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }] as const;
  });
  // Spaces behind the header let the values begin at a multiple of eight bytes.
  const text = JSON.stringify(Object.fromEntries(places));
  const header = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = openSync(path, "w");
  try {
    for (const part of [length, header]) writeAll(file, part);
    for (const { name, shape } of weights) {
      const values = make(name, shape);
      writeAll(file, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
  } finally {
    closeSync(file);
  }
  return end;
}

/** A prime, so that weights that begin at different places are different. */
const blockLength = 65_521;

/**
 * Makes weights far faster than `hashedWeight` does: one block of small numbers over and over, from one weight through the next. No two
 * weights may be alike, as onnxruntime keeps what it makes of equal ones only once.
 */
export function repeatedWeights(): (name: string, shape: readonly number[]) => Float32Array {
  const block = Float32Array.from(hashedValues("repeated", blockLength), (value) => value / 100);
  let place = 0;
  return (_name, shape) => {
    const values = new Float32Array(sizeOf(shape));
    for (let done = 0; done < values.length;) {
      const part = block.subarray(place, place + values.length - done);
      values.set(part, done);
      done += part.length;
      place = (place + part.length) % blockLength;
    }
    return values;
  };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** One call may write less than it is given. */
function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}
