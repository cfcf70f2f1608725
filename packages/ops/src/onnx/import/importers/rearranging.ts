import { floatAttribute, integerAttribute, integersAttribute, textAttribute } from "../../attributes.ts";
import type { GraphTensor } from "../../graph-builder.ts";
import { reshape, transpose } from "../../operators/layout.ts";
import { pad } from "../../operators/padding.ts";
import { fixedSizeAt, formatShape } from "../../shapes.ts";
import {
  axesWithin,
  integersAt,
  integersAtOrNull,
  ofOne,
  valuesAt,
  type ImportCall,
  type NamedImporter,
} from "../importer.ts";

/** Values around an image, and those of blocks of it as channels. */
export const rearrangingImporters: readonly NamedImporter[] = [
  ["Pad", ofOne(importPad)],
  ["DepthToSpace", ofOne(depthToSpace)],
  ["SpaceToDepth", ofOne(spaceToDepth)],
];

/** Amounts and value are attributes before operator set 11; from 18 on axes may be named. */
function importPad(call: ImportCall, x: GraphTensor): GraphTensor {
  const isInputs = call.opset >= 11;
  const pads = (isInputs ? integersAt(call, 1) : integersAttribute(call, "pads")) ?? [];
  const axes = integersAtOrNull(call, 3) ?? x.shape.map((_, axis) => axis);
  if (pads.length !== 2 * axes.length) throw new Error(`it has ${pads.length} amounts for ${axes.length} axes`);
  const given = (call.inputs[2] ?? null) === null ? 0 : valuesAt(call, 2)[0]!;
  const each = axesWithin(axes, x.shape).map((axis, place) => {
    return { axis, before: pads[place]!, after: pads[place + axes.length]! };
  });
  return pad(call.graph, x, {
    pads: each,
    mode: textAttribute(call, "mode", "constant"),
    value: isInputs ? given : floatAttribute(call, "value", 0),
  });
}

/** [B, C · n², H, W] -> [B, C, n · H, n · W] */
function depthToSpace(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const [block, isColumnFirst] = blocksOf(call);
  const [batch, depth, height, width] = imageSizes(x);
  const channels = depth / block ** 2;
  const apart = isColumnFirst
    ? [batch, channels, block, block, height, width]
    : [batch, block, block, channels, height, width];
  const order = isColumnFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2];
  const moved = transpose(graph, reshape(graph, x, apart), order);
  return reshape(graph, moved, [batch, channels, height * block, width * block]);
}

/** [B, C, n · H, n · W] -> [B, C · n², H, W] */
function spaceToDepth(call: ImportCall, x: GraphTensor): GraphTensor {
  const { graph } = call;
  const [block, isColumnFirst] = blocksOf(call);
  const [batch, channels, height, width] = imageSizes(x);
  const apart = reshape(graph, x, [batch, channels, height / block, block, width / block, block]);
  const moved = transpose(graph, apart, isColumnFirst ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4]);
  return reshape(graph, moved, [batch, channels * block ** 2, height / block, width / block]);
}

function blocksOf(call: ImportCall): readonly [size: number, isColumnFirst: boolean] {
  return [integerAttribute(call, "blocksize", 1), textAttribute(call, "mode", "DCR") === "CRD"];
}

function imageSizes({ shape }: GraphTensor): readonly [number, number, number, number] {
  if (shape.length !== 4) throw new Error(`it takes ${formatShape(shape)}`);
  return [fixedSizeAt(shape, 0), fixedSizeAt(shape, 1), fixedSizeAt(shape, 2), fixedSizeAt(shape, 3)];
}
