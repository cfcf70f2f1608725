import { expect, test } from "vitest";
import { isDicomName } from "./dicom-folder-names.ts";

test.each([
  ...["IM-0001-0012", "IM-0001.0012", "1.2.826.0.1.3680043.8.498.1", "a.dcm", "A.DCM", "b.dicom", "c.IMA", "MR0001"],
  ...["CTImage.dcm_RLELosslessTransferSyntax_1.2.840.10008.1.2.5", "png", "labels.csv/IM1", "scan.img"],
])("%s may be DICOM", (name) => {
  expect(isDicomName(`disc/${name}`)).toBe(true);
});

test.each(["DICOMDIR", "dicomdir", "LICENSE", "README", "README.txt", "labels.csv", "a.PNG", "VIEWER.EXE", "a.nii.gz"])(
  "%s is passed over",
  (name) => {
    expect(isDicomName(name)).toBe(false);
    expect(isDicomName(`disc/${name}`)).toBe(false);
  },
);
