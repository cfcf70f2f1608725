import { describe, expect, test } from "vitest";
import { openHdf5 } from "../open-hdf5.ts";
import { writeMatlab, type MatlabStruct } from "./write-matlab.ts";

const variables = {
  cjdata: {
    PID: "MR0417é",
    image: { rows: 2, columns: 3, data: Int16Array.of(-1, 2, 300, 4, 5, -32768) },
    label: { rows: 1, columns: 1, data: Float64Array.of(3) },
    tumorMask: { rows: 2, columns: 3, data: Uint8Array.of(0, 1, 0, 1, 1, 0), isLogical: true },
  },
  weights: { rows: 3, columns: 1, data: Float32Array.of(0.5, NaN, -Infinity) },
} satisfies MatlabStruct;

describe.each([true, false])("writeMatlab, packed: %s", (isPacked) => {
  test("writes what is read again", async () => {
    const file = await openHdf5(await writeMatlab(variables, { isPacked }), "written.mat");
    expect([...file.dataSets].sort()).toEqual([
      ...["cjdata/PID", "cjdata/image", "cjdata/label", "cjdata/tumorMask", "weights"],
    ]);
    expect(await file.readText("cjdata/PID")).toBe("MR0417é");
    for (const name of ["image", "label", "tumorMask"] as const) {
      const { rows, columns, data } = variables.cjdata[name];
      expect(await file.readMatrix(`cjdata/${name}`)).toEqual({ shape: [rows, columns], data });
    }
    expect(await file.readMatrix("weights")).toEqual({ shape: [3, 1], data: variables.weights.data });
    expect((await file.readNumbers("cjdata/image")).shape).toEqual([3, 2]);
  });
});
