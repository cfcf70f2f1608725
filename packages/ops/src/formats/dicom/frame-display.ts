import type { Display, VoiTable, VoiWindow } from "../../images/raw-image.ts";
import { decimalsOf, textOf } from "./element-values.ts";
import { frameGroup } from "./functional-groups.ts";
import { readTable } from "./lookup-table.ts";
import type { PixelLayout } from "./pixel-layout.ts";
import type { DataSet } from "./read-data-set.ts";
import { tags } from "./tags.ts";

/**
 * The first table of a frame, else its first window (DICOM PS3.3 C.11.2): the others are further views. Null for
 * colours. What is garbled or cannot be, such as a window without width, is taken for not being there.
 * @param mapsSigned whether the modality's values may be negative
 */
export function readDisplay(dataSet: DataSet, layout: PixelLayout, frame: number, mapsSigned: boolean): Display | null {
  const { photometric } = layout;
  const isInverted = photometric === "MONOCHROME1";
  if (!isInverted && photometric !== "MONOCHROME2") return null;
  const voi = readVoiTable(dataSet, mapsSigned) ?? readWindow(frameGroup(dataSet, tags.frameVoiLutSequence, frame));
  return { voi: voi ?? allOfFewBits(layout), isInverted };
}

/** Fewer than eight bits would be next to black in the eight that they are kept in. */
function allOfFewBits({ cell }: PixelLayout): VoiWindow | null {
  const { bitsStored, isSigned } = cell;
  if (bitsStored >= 8 || isSigned) return null;
  return { kind: "linear", center: 2 ** (bitsStored - 1), width: 2 ** bitsStored };
}

function readVoiTable(dataSet: DataSet, mapsSigned: boolean): VoiTable | null {
  const [item] = dataSet.get(tags.voiLutSequence)?.items ?? [];
  const table = item === undefined ? null : readTable(item, tags.lutDescriptor, tags.lutData, mapsSigned);
  return table === null ? null : { kind: "table", ...table };
}

function readWindow(group: DataSet): VoiWindow | null {
  const [center = NaN] = decimalsOf(group, tags.windowCenter);
  const [width = NaN] = decimalsOf(group, tags.windowWidth);
  const kind = windowKinds.get(textOf(group, tags.voiLutFunction) ?? "LINEAR");
  // C.11.2.1.2.1: a linear window is at least one wide.
  const isPossible = !Number.isNaN(center) && (kind === "linear" ? width >= 1 : width > 0);
  return kind !== undefined && isPossible ? { kind, center, width } : null;
}

const windowKinds: ReadonlyMap<string, VoiWindow["kind"]> = new Map<string, VoiWindow["kind"]>([
  ["LINEAR", "linear"],
  ["LINEAR_EXACT", "linear_exact"],
  ["SIGMOID", "sigmoid"],
]);
