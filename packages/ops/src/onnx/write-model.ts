import type { OnnxModel } from "./onnx-model.ts";
import { loadOnnxSchema } from "./onnx-schema.ts";

/**
 * The model as the bytes of an ONNX file. Equal models give equal bytes; what `readModel` read comes out as it was.
 * Protobuf ends at 2 GB: larger weights have to lie in external files.
 */
export async function writeModel(model: OnnxModel): Promise<Uint8Array> {
  return (await loadOnnxSchema()).encode(model);
}
