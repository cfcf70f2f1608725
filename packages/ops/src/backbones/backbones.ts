import type { SingleOp } from "../op.ts";
import { featuresFromFile } from "../own/features-from-file.ts";
import { onnx } from "./onnx.ts";
import { vit } from "./vit.ts";

/** Every op of the role `backbone` that declares one: one line per op. */
export const backbones: readonly SingleOp[] = [featuresFromFile, onnx, vit];
