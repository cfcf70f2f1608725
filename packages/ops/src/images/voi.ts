import type { Display, RawValues, VoiTable, VoiWindow } from "./raw-image.ts";

/**
 * Values as a viewer would show them: 0 (black) to 1 (white), by a window or a table of greys (DICOM PS3.3 C.11.2.1.1 to
 * C.11.2.1.3), and then the negative where it is wanted. NaN stays NaN, but in a table, where it takes the first entry.
 */
export function applyVoi(
  values: RawValues,
  voi: VoiWindow | VoiTable,
  isInverted: Display["isInverted"] = false,
): Float32Array {
  const greys = new Float32Array(values.length);
  const greyOf = voi.kind === "table" ? tableFunction(voi) : windowFunction(voi);
  for (let index = 0; index < values.length; index++) {
    const grey = greyOf(values[index]!);
    greys[index] = isInverted ? 1 - grey : grey;
  }
  return greys;
}

function windowFunction({ kind, center, width }: VoiWindow): (value: number) => number {
  switch (kind) {
    case "linear":
      // C.11.2.1.2.1: of whole numbers, the window's ends among them.
      return lineFunction(center - 0.5, width - 1);
    case "linear_exact":
      return lineFunction(center, width);
    case "sigmoid":
      return (value) => 1 / (1 + Math.exp((-4 * (value - center)) / width));
  }
}

/** A window without width is a step: its own value is still black. */
function lineFunction(center: number, width: number): (value: number) => number {
  const [lowest, highest] = [center - width / 2, center + width / 2];
  return (value) => {
    if (value <= lowest) return 0;
    return value > highest ? 1 : (value - center) / width + 0.5;
  };
}

/** Of fractions, the whole number below counts. */
function tableFunction({ firstMapped, entries, bits }: VoiTable): (value: number) => number {
  const last = entries.length - 1;
  const white = 2 ** bits - 1;
  return (value) => {
    const index = Math.floor(value) - firstMapped;
    return (entries[index > 0 ? Math.min(index, last) : 0] ?? 0) / white;
  };
}
