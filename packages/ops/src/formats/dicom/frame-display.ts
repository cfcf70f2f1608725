import type { Display, RawValues, VoiTable, VoiWindow } from "../../images/raw-image.ts";
import { decimalsOf, textOf } from "./element-values.ts";
import { frameGroup } from "./functional-groups.ts";
import { readTable } from "./lookup-table.ts";
import type { ValueBounds } from "./modality-values.ts";
import type { PixelLayout } from "./pixel-layout.ts";
import type { DataSet } from "./read-data-set.ts";
import { tags } from "./tags.ts";

/** Values of a modality, and what values of these bits may be at the least and at the most. */
export interface BoundedValues {
  readonly values: RawValues;
  readonly bounds: ValueBounds;
}

/**
 * Of greys the first table of a frame, else its first window (DICOM PS3.3 C.11.2): the others are further views. What is
 * garbled or cannot be, such as a window without width, is taken for not being there.
 */
export function readDisplay(
  dataSet: DataSet,
  layout: PixelLayout,
  frame: number,
  mapped: BoundedValues,
): Display | null {
  const { photometric } = layout;
  const isInverted = photometric === "MONOCHROME1";
  if (!isInverted && photometric !== "MONOCHROME2") return displayOfColours(mapped);
  const voi =
    readVoiTable(dataSet, mapped.bounds[0] < 0) ?? readWindow(frameGroup(dataSet, tags.frameVoiLutSequence, frame));
  return { voi: voi ?? allOfFewBits(mapped), isInverted };
}

/** Null for colours that fill what they are kept in: they are shown as they are. */
export function displayOfColours(mapped: BoundedValues): Display | null {
  const voi = allOfFewBits(mapped, true);
  return voi === null ? null : { voi, isInverted: false };
}

/** Values that are shown as they are would be next to black where they have fewer bits than what they are kept in. */
function allOfFewBits({ values, bounds: [lowest, highest] }: BoundedValues, isColour = false): VoiWindow | null {
  const most = values instanceof Uint8Array ? 0xff : values instanceof Uint16Array && isColour ? 0xffff : null;
  if (most === null || (lowest <= 0 && highest >= most)) return null;
  return { kind: "linear", center: (lowest + highest + 1) / 2, width: highest - lowest + 1 };
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
