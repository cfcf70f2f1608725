import type { SingleOp } from "../op.ts";
import { onnx } from "./onnx.ts";
import { vit } from "./vit.ts";

/** Every op of the role `backbone` that declares one: one line per op. */
export const backbones: readonly SingleOp[] = [onnx, vit];
