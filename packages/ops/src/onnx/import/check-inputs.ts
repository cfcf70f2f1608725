import { OpError } from "../../op-error.ts";
import type { GraphTensor } from "../graph-builder.ts";
import { elementTypes, type OnnxModel, type ValueInfo } from "../onnx-model.ts";
import { numberOf } from "../read-model.ts";
import { formatShape } from "../shapes.ts";
import type { ModelUse } from "./apply-model.ts";
import { elementTypeName } from "./element-type-name.ts";

/** @throws OpError `onnx-input-mismatch` where an input is missing, too many, or of another type or shape than the file says */
export function checkInputs({ graph }: OnnxModel, { file, inputs }: Pick<ModelUse, "file" | "inputs">): void {
  const stored = new Set((graph.initializer ?? []).map(({ name }) => name));
  const declared = (graph.input ?? []).filter(({ name }) => !stored.has(name));
  const names = declared.map(({ name }) => name ?? "");
  const list = `Its inputs: ${declared.map(describe).join(", ")}.`;
  for (const name of Object.keys(inputs)) {
    if (!names.includes(name)) throw new OpError("onnx-input-mismatch", `${file} has no input "${name}".`, list);
  }
  for (const input of declared) {
    const given = inputs[input.name ?? ""];
    if (given === undefined) {
      throw new OpError("onnx-input-mismatch", `${file} also takes the input "${String(input.name)}".`, list);
    }
    if (takes(input, given)) continue;
    throw new OpError(
      "onnx-input-mismatch",
      `${file} does not take ${given.type} ${formatShape(given.shape)} as its input "${String(input.name)}".`,
      list,
    );
  }
}

function takes(input: ValueInfo, { type, shape }: GraphTensor): boolean {
  const sizes = sizesOf(input);
  const fits = sizes === null || sizes.length === shape.length;
  return (
    input.type?.tensorType?.elemType === elementTypes[type] &&
    fits &&
    (sizes ?? []).every((size, at) => size === null || size === shape[at])
  );
}

/** Null for a size that is free, or for all of them where the file does not even say how many there are. */
function sizesOf({ type }: ValueInfo): readonly (number | null)[] | null {
  const { shape = null } = type?.tensorType ?? {};
  return shape === null ? null : (shape.dim ?? []).map(({ dimValue }) => numberOf(dimValue) || null);
}

function describe(input: ValueInfo): string {
  const sizes = sizesOf(input)?.map((size) => size ?? "?") ?? ["..."];
  const type = input.type?.tensorType;
  return `${String(input.name)} (${type == null ? "no tensor" : `${elementTypeName(type.elemType)} [${sizes.join(", ")}]`})`;
}
