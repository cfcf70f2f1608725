import { open } from "node:fs/promises";
import { OpError } from "../../op-error.ts";
import type { ExternalFile } from "../external-files.ts";
import type { OnnxTensor } from "../onnx-model.ts";
import { elementTypeOf, valuesOfBytes } from "../element-values.ts";
import { valuesOfTensor } from "../stored-values.ts";
import { numberOf } from "../read-model.ts";

/**
 * The values of a weight as float32, row-major, from the model itself or from the file beside it that it lies in.
 * @param files those that `findExternalFiles` found
 * @throws OpError `onnx-external-short` where that file is too short
 */
export async function readWeight(tensor: OnnxTensor, files: readonly ExternalFile[] = []): Promise<Float32Array> {
  if (tensor.dataLocation !== 1) return Float32Array.from(valuesOfTensor(tensor) ?? []);
  const entries = new Map((tensor.externalData ?? []).map(({ key, value }) => [key ?? "", value ?? ""] as const));
  const type = elementTypeOf(tensor.dataType);
  const file = files.find(({ location }) => location === entries.get("location"));
  if (file === undefined || type === null) throw new Error(`The weight ${String(tensor.name)} cannot be read.`);
  const size = (tensor.dims ?? []).map(numberOf).reduce((product, each) => product * each, 1);
  const [offset, length] = [Number(entries.get("offset") ?? 0), Number(entries.get("length") ?? 0)];
  const bytes = await readBytes(file.path, { offset, length });
  const values = Float32Array.from(valuesOfBytes(bytes, type));
  if (values.length === size) return values;
  throw new OpError(
    "onnx-external-short",
    `The weight ${String(tensor.name)} has ${String(values.length)} of its ${String(size)} values in ${file.location}.`,
    "The file is cut short, or belongs to another model: copy or download both again.",
  );
}

async function readBytes(
  path: string,
  { offset, length }: { readonly offset: number; readonly length: number },
): Promise<Uint8Array> {
  const handle = await open(path, "r");
  try {
    const wanted = length > 0 ? length : (await handle.stat()).size - offset;
    const { buffer, bytesRead } = await handle.read(new Uint8Array(wanted), 0, wanted, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
