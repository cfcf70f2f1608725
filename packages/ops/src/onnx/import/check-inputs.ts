import { OpError } from "../../op-error.ts";
import { elementTypeOf } from "../element-values.ts";
import type { OnnxModel, ValueInfo } from "../onnx-model.ts";
import { numberOf } from "../read-model.ts";
import { formatShape } from "../shapes.ts";
import type { ModelUse } from "./apply-model.ts";

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
    const sizes = sizesOf(input);
    const fits =
      sizes.length === given.shape.length && sizes.every((size, at) => size === null || size === given.shape[at]);
    const type = elementTypeOf(input.type?.tensorType?.elemType);
    if (fits && type === given.type) continue;
    throw new OpError(
      "onnx-input-mismatch",
      `${file} does not take ${given.type} ${formatShape(given.shape)} as its input "${String(input.name)}".`,
      list,
    );
  }
}

/** Null for a size that is free. */
function sizesOf({ type }: ValueInfo): readonly (number | null)[] {
  return (type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => numberOf(dimValue) || null);
}

function describe(input: ValueInfo): string {
  const sizes = sizesOf(input).map((size) => size ?? "?");
  return `${String(input.name)} ${elementTypeOf(input.type?.tensorType?.elemType) ?? ""} [${sizes.join(", ")}]`;
}
