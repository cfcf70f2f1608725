import { describe, expect, test } from "vitest";
import { dicomBytesOf, readDicomFixture } from "../../../../tests/ops/reference/dicom_files-fixture.ts";
import { openDicom } from "../formats/dicom/open-dicom.ts";
import type { VoiTable, VoiWindow } from "./raw-image.ts";
import { applyVoi } from "./voi.ts";

const shownCases = readDicomFixture().cases.filter(({ shown }) => shown !== undefined);

describe("applyVoi", () => {
  test.each(shownCases)("shows what pydicom shows: $name", async (expected) => {
    const file = await openDicom(dicomBytesOf(expected), expected.name, String);
    const { data, display } = await file.readFrame(0);
    const shown = applyVoi(data, display!.voi!, display!.isInverted);
    const worst = expected.shown!.reduce((most, grey, index) => Math.max(most, Math.abs(grey - shown[index]!)), 0);
    expect(shown.length).toBe(expected.shown!.length);
    expect(worst).toBeLessThan(1e-6);
  });

  test("holds a linear window to the standard's own example", () => {
    // PS3.3 C.11.2.1.2.1: center 2048 and width 4096 keep the values 0 to 4095 as they are, in proportion.
    const window: VoiWindow = { kind: "linear", center: 2048, width: 4096 };
    const shown = applyVoi(Int16Array.of(-1, 0, 1, 2048, 4094, 4095, 4096), window);
    const expected = [0, 0, 1 / 4095, 2048 / 4095, 4094 / 4095, 1, 1].map(Math.fround);
    for (const [index, grey] of expected.entries()) expect(shown[index]).toBeCloseTo(grey, 6);
    const exact = applyVoi(Int16Array.of(0, 1024, 2048, 4096), { ...window, kind: "linear_exact" });
    expect([...exact]).toEqual([0, 0.25, 0.5, 1]);
  });

  test("turns a window of width 1 into a step", () => {
    const window: VoiWindow = { kind: "linear", center: 100, width: 1 };
    expect([...applyVoi(Float32Array.of(99, 99.5, 99.6, 100), window)]).toEqual([0, 0, 1, 1]);
  });

  test("gives values outside a table its first and last entry, and fractions that of the whole number below", () => {
    const table: VoiTable = { kind: "table", firstMapped: -2, entries: Uint16Array.of(10, 20, 30, 15), bits: 5 };
    const shown = applyVoi(Float64Array.of(-Infinity, -3, -2, -1, -0.5, 0.9, 1, 2, 1e300, NaN), table);
    expect([...shown]).toEqual([10, 10, 10, 20, 20, 30, 15, 15, 15, 10].map((entry) => Math.fround(entry / 31)));
  });

  test("shows the negative", () => {
    const window: VoiWindow = { kind: "linear_exact", center: 50, width: 100 };
    expect([...applyVoi(Uint8Array.of(0, 25, 100), window, true)]).toEqual([1, 0.75, 0]);
  });

  test("stays within 0 and 1 for whatever values there are", () => {
    const extremes = Float64Array.of(-Infinity, -1e308, -0, 5e-324, 1e308, Infinity);
    for (const kind of ["linear", "linear_exact", "sigmoid"] as const) {
      for (const width of [1, 1e-300, 1e300].filter((wide) => kind !== "linear" || wide >= 1)) {
        for (const grey of applyVoi(extremes, { kind, center: 0, width })) {
          expect(grey).toBeGreaterThanOrEqual(0);
          expect(grey).toBeLessThanOrEqual(1);
        }
      }
      expect(applyVoi(Float32Array.of(NaN), { kind, center: 0, width: 10 })[0]).toBeNaN();
    }
  });
});
