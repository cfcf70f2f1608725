import type { SingleOp } from "../op.ts";
import { featuresFromFile } from "../own/features-from-file.ts";
import { onnx } from "./onnx.ts";
import { publishedBackbones } from "./published/published-backbones.ts";
import { publishedOp } from "./published/published-op.ts";
import { vit } from "./vit.ts";

/** Every op of the role `backbone` that declares one: one line per op; published networks have a list of their own. */
export const backbones: readonly SingleOp[] = [featuresFromFile, onnx, vit, ...publishedBackbones.map(publishedOp)];
