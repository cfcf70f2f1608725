import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { ct, expectations } from "../../../../../tests/ops/reference/dicom_material-expectations.ts";
import { openDicom } from "./open-dicom.ts";
import { openStoredFrames } from "./open-stored-frames.ts";

const material = fileURLToPath(new URL("../../../../../../shared/material/", import.meta.url));
const hasMaterial = existsSync(material);
if (!hasMaterial) console.warn("SKIPPED: DICOM on real files, for want of ../shared/material.");

interface GoldenPixels {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly sha256_le: string;
  readonly mean: number;
  readonly std: number;
}

describe.skipIf(!hasMaterial)("DICOM on real files", () => {
  const golden = hasMaterial ? readGolden() : {};
  const further = readFurther();

  test("has an expectation of every file", () => {
    const listed = Object.keys(golden).map((path) => path.replace("dicom/", ""));
    expect(Object.keys(expectations).sort()).toEqual(listed.sort());
    const lying = [ct, "pydicom"].flatMap((folder) =>
      readdirSync(`${material}dicom/${folder}`).map((file) => `${folder}/${file}`),
    );
    const isNoDicom = /LICENSE|README|\.sh$/;
    expect(lying.filter((path) => !isNoDicom.test(path)).sort()).toEqual(listed.sort());
  });

  test.each(Object.entries(expectations))("%s: %o", async (path, expectation) => {
    if (typeof expectation === "object" && "refused" in expectation) {
      await expect(readPixels(path)).rejects.toMatchObject({ code: expectation.refused });
      // Nothing that pydicom reads is refused.
      expect(golden[`dicom/${path}`]?.pixels).toBeUndefined();
      return;
    }
    const pixels = await readPixels(path);
    if (typeof expectation === "object") {
      expect(pixels.digest).toBe((await readPixels(expectation.like)).digest);
      return;
    }
    const isListed = expectation === "equal";
    const reference = isListed ? golden[`dicom/${path}`]!.pixels! : further.files[`dicom/${path}`]!;
    expect(pixels.type).toBe(bigEndianTypes.get(reference.dtype) ?? reference.dtype);
    if (expectation === "within 1 level") {
      const worst = further.files[`dicom/${path}`]!.values.reduce(
        (most, value, index) => Math.max(most, Math.abs(value - pixels.values[index * further.stride]!)),
        0,
      );
      expect(worst).toBeLessThanOrEqual(1);
      expect(Math.abs(pixels.mean - reference.mean)).toBeLessThan(0.05);
    } else {
      expect(pixels.digest).toBe(reference.sha256_le);
    }
  });

  test("opens and shows what it reads, without a word of the header", async () => {
    for (const [path, expectation] of Object.entries(expectations)) {
      if (typeof expectation === "object" && "refused" in expectation) continue;
      const file = await openDicom(readFileSync(`${material}dicom/${path}`), "a.dcm", (text) => String(text.length));
      const image = await file.readFrame(file.frames - 1);
      expect(image.data.length, path).toBe(file.width * file.height * file.channels);
    }
  });

  test("gives Hounsfield units and the window of a CT slice", async () => {
    const bytes = readFileSync(`${material}dicom/${ct}/CTImage.dcm`);
    const { data, display } = await (await openDicom(bytes, "a.dcm", String)).readFrame(0);
    const pixels = await readPixels(`${ct}/CTImage.dcm`);
    expect(data.every((value, index) => value === pixels.values[index]! - 1024)).toBe(true);
    expect(display).toEqual({ voi: { kind: "linear", center: 40, width: 400 }, isInverted: false });
  });
});

/** What numpy calls values of big-endian order. */
const bigEndianTypes: ReadonlyMap<string, string> = new Map([
  [">i2", "int16"],
  [">u4", "uint32"],
]);

interface Pixels {
  readonly values: readonly number[];
  readonly type: string;
  readonly mean: number;
  readonly digest: string;
}

async function readPixels(path: string): Promise<Pixels> {
  const { layout, readStored } = await openStoredFrames(readFileSync(`${material}dicom/${path}`), "a.dcm");
  const hash = createHash("sha256");
  const values: number[] = [];
  let type = "";
  let sum = 0;
  for (let frame = 0; frame < layout.frames; frame++) {
    const stored = (await readStored(frame)).values;
    type = stored.constructor.name.replace("Array", "").toLowerCase();
    hash.update(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength));
    for (const value of stored) {
      values.push(value);
      sum += value;
    }
  }
  return { values, type, mean: sum / values.length, digest: hash.digest("hex") };
}

function readGolden(): Readonly<Record<string, { readonly pixels?: GoldenPixels }>> {
  return JSON.parse(readFileSync(`${material}dicom/golden_pydicom.json`, "utf8")) as Record<
    string,
    { pixels?: GoldenPixels }
  >;
}

interface Further {
  readonly stride: number;
  readonly files: Readonly<Record<string, GoldenPixels & { readonly values: readonly number[] }>>;
}

function readFurther(): Further {
  const file = new URL("../../../../../tests/ops/reference/dicom_material.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Further;
}
