import { open } from "node:fs/promises";
import { OpError } from "../../op-error.ts";
import { elementTypeOf, valuesOfBytes } from "../element-values.ts";
import type { ExternalFile } from "../external-files.ts";
import type { ElementType, OnnxTensor } from "../onnx-model.ts";
import { numberOf } from "../read-model.ts";
import { valuesOfTensor } from "../stored-values.ts";
import { bytesOf } from "../tensor-bytes.ts";

/**
 * The values of a weight as float32, row-major, from the model itself or from the file beside it that it lies in.
 * @param files those that `findExternalFiles` found
 * @throws OpError `onnx-weight-incomplete` where there are fewer values than the weight's shape asks for, or more
 */
export async function readWeight(tensor: OnnxTensor, files: readonly ExternalFile[] = []): Promise<Float32Array> {
  const { name = "", dataType, dims = [] } = tensor;
  const [type, shape] = [elementTypeOf(dataType), dims.map(numberOf)];
  if (type === null) throw new Error(`The weight ${name} is of element type ${String(dataType)}.`);
  const size = shape.reduce((product, each) => product * each, 1);
  const { values, place } =
    tensor.dataLocation === 1
      ? await readExternal(tensor, { type, files, length: bytesOf({ name, shape, type }) })
      : { values: valuesInside(tensor, type), place: "the model" };
  if (values.length === size) return values;
  throw new OpError(
    "onnx-weight-incomplete",
    `The weight ${name} has ${values.length} values in ${place}, where its shape asks for ${size}.`,
    "The file is cut short, belongs to another model, or was exported without weights: copy, download or export it again.",
  );
}

function valuesInside(tensor: OnnxTensor, type: ElementType): Float32Array {
  const { rawData } = tensor;
  if (rawData !== undefined && rawData.length > 0) return floatsOf(rawData, type);
  return Float32Array.from(valuesOfTensor(tensor) ?? []);
}

/** Of as many bytes as make whole values. Float32 without a list of numbers in between, which is twice as large. */
function floatsOf(bytes: Uint8Array, type: ElementType): Float32Array {
  const width = bytesOf({ name: "", shape: [], type });
  const whole = bytes.subarray(0, bytes.length - (bytes.length % width));
  if (type === "float32") return new Float32Array(new Uint8Array(whole).buffer);
  return Float32Array.from(valuesOfBytes(whole, type));
}

interface ExternalRead {
  readonly type: ElementType;
  readonly files: readonly ExternalFile[];
  /** What the weight takes, bytes. */
  readonly length: number;
}

async function readExternal({ name = "", externalData = [] }: OnnxTensor, { type, files, length }: ExternalRead) {
  const entries = new Map(externalData.map(({ key, value }) => [key ?? "", value ?? ""] as const));
  const file = files.find(({ location }) => location === entries.get("location"));
  if (file === undefined) throw new Error(`The weight ${name} lies in a file that was not looked for.`);
  const [offset, given] = [Number(entries.get("offset") ?? 0), Number(entries.get("length") ?? 0)];
  const { path } = file;
  const handle = await open(path, "r");
  try {
    const wanted = given > 0 ? given : length;
    const { buffer, bytesRead } = await handle.read(new Uint8Array(wanted), 0, wanted, offset);
    return { values: floatsOf(buffer.subarray(0, bytesRead), type), place: file.location };
  } finally {
    await handle.close();
  }
}
