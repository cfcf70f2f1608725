import { expect, it } from "vitest";
import { dicomFile, imageElements } from "../../../../../tests/ops/dicom-testing.ts";
import { fileWindow } from "../../images/window/window.ts";
import { readImageFile } from "../read-image-file.ts";

it("values of fewer than eight bits fill the greys from black to white", async () => {
  const file = dicomFile(imageElements({ stored: 4 }));
  const { data } = await readImageFile(file, "scan.dcm", fileWindow);
  expect([...data].map((value) => Math.round(value * 15))).toEqual(Array.from({ length: 16 }, (_, index) => index));
});
