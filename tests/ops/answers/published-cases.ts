import { open } from "node:fs/promises";
import { join } from "node:path";
import type { OpCases } from "./lock-op.ts";

/** A published network with the tensors that a file of it holds, by the publisher's names. */
export interface PublishedTensors {
  readonly name: string;
  readonly tensors: readonly (readonly [name: string, shape: readonly number[]])[];
}

/**
 * What is asked of the constructors of published networks: the graph over a file that has the right names and shapes. Its values, which
 * no graph holds, are a hole in the file: a network of four gigabytes takes no room.
 */
export async function writePublishedCases(
  folder: string,
  networks: readonly PublishedTensors[],
): Promise<Readonly<Record<string, OpCases>>> {
  const cases = networks.map(async ({ name, tensors }) => {
    const path = join(folder, `${name}.safetensors`);
    await writeHollow(path, tensors);
    const asked = { params: { weights: { weights: "file", path } }, fileDigests: { weights: `digest of ${name}` } };
    return [name, { "as published": asked }] as const;
  });
  return Object.fromEntries(await Promise.all(cases));
}

async function writeHollow(path: string, tensors: PublishedTensors["tensors"]): Promise<void> {
  let end = 0;
  const entries = tensors.map(([name, shape]) => {
    const start = end;
    end += 4 * shape.reduce((product, size) => product * size, 1);
    return [name, { dtype: "F32", shape, data_offsets: [start, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const file = await open(path, "w");
  try {
    await file.write(Buffer.concat([length, header]));
    await file.truncate(8 + header.length + end);
  } finally {
    await file.close();
  }
}
