import { readFile } from "node:fs/promises";
import type { NamedArray } from "../arrays/decode-npy.ts";
import { decodeSafetensors, type SafetensorsFile, type StoredTensor } from "../arrays/safetensors.ts";
import { OpError } from "../op-error.ts";
import { damagedOwnFile, unreadableOwnFile } from "./own-file-errors.ts";
import type { OwnFile } from "./own-file.ts";

/**
 * A safetensors file. It has no tensors of texts: a list of texts is a JSON list among its metadata, e.g. under `ids`.
 * @throws OpError `file-unreadable` or `own-file-damaged`
 */
export async function openSafetensors(path: string, file: string): Promise<OwnFile> {
  const { tensors, metadata } = decode(file, await read(path, file));
  const texts = new Map(Object.entries(metadata).flatMap(([name, text]) => listOfTexts(name, text)));
  return {
    file,
    names: [...tensors.keys(), ...[...texts.keys()].filter((name) => !tensors.has(name))],
    load: async (name) => {
      const tensor = tensors.get(name);
      if (tensor !== undefined) return toArray(file, name, tensor);
      const values = texts.get(name) ?? [];
      return { holds: "strings", shape: [values.length], values };
    },
    close: () => Promise.resolve(),
  };
}

async function read(path: string, file: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw unreadableOwnFile(path, file, error);
  }
}

function decode(file: string, bytes: Uint8Array): SafetensorsFile {
  try {
    return decodeSafetensors(bytes);
  } catch (error) {
    throw damagedOwnFile(file, error instanceof Error ? error.message : String(error));
  }
}

function listOfTexts(name: string, text: string): readonly (readonly [string, readonly string[]])[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list) && list.every((item) => typeof item === "string")) return [[name, list]];
  } catch {
    // Any other text, such as the format that Python's writers note.
  }
  return [];
}

function toArray(file: string, name: string, { shape, data }: StoredTensor): NamedArray {
  if (data instanceof Float32Array || data instanceof Float64Array) return { holds: "floats", shape, values: data };
  const values = data instanceof BigInt64Array ? Float64Array.from(data, Number) : Float64Array.from(data);
  if (!values.every(Number.isSafeInteger)) {
    throw new OpError(
      "own-file-damaged",
      `The tensor ${name} of ${file} has values that are too large to be told apart.`,
    );
  }
  return { holds: "integers", shape, values };
}
