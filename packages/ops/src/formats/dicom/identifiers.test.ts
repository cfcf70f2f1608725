import { describe, expect, test } from "vitest";
import { OpError } from "../../op-error.ts";
import { dicomFile, imageElements, text } from "../../../../../tests/ops/dicom-testing.ts";
import { dicomBytesOf, readDicomFixture } from "../../../../../tests/ops/reference/dicom_files-fixture.ts";
import { openDicom, type DicomFile } from "./open-dicom.ts";

const { cases, identifiers } = readDicomFixture();

describe("identifiers of patients", () => {
  test("lets no identifier out, neither in results nor in errors", async () => {
    const secrets = ["Secret^Name", "\u001b[31mred", "<b>bold</b>", "Secret-4711", "1.2.3.4711"];
    const named = [
      text(0x0008, 0x0018, "UI", "1.2.3.4711"),
      text(0x0008, 0x0060, "CS", "SECRET^NAME"),
      text(0x0008, 0x0080, "LO", "Secret^Name"),
      text(0x0010, 0x0010, "PN", "Secret^Name\u001b[31mred<b>bold</b>"),
      text(0x0010, 0x0020, "LO", "Secret-4711"),
      text(0x0020, 0x000d, "UI", "1.2.3.4711"),
      text(0x0020, 0x000e, "UI", "1.2.3.4711"),
      text(0x0020, 0x0013, "IS", "Secret-4711"),
    ];
    const opened = await open(dicomFile(imageElements({}, named)), () => "pseudonym");
    const image0 = await opened.readFrame(0);
    expectSilence(JSON.stringify([opened, { ...image0, data: [...image0.data] }]), secrets);
    expect(opened.identity).toEqual({
      patient: "pseudonym",
      study: "pseudonym",
      series: "pseudonym",
    });
    expect(opened.instanceNumber).toBeNull();

    // The same texts wherever a message might quote the header.
    const tags = [
      [0x28, 4, "CS"],
      [0x28, 8, "IS"],
      [0x28, 0x1050, "DS"],
      [0x28, 0x1052, "DS"],
      [0x28, 0x1053, "DS"],
      [0x28, 0x1056, "CS"],
    ] as const;
    for (const [group, element, vr] of tags) {
      for (const secret of secrets) {
        const bytes = dicomFile(imageElements({}, [...named, text(group, element, vr, secret)]));
        const outcome = await open(bytes, () => "pseudonym")
          .then(async (one) => JSON.stringify([one, (await one.readFrame(0)).display]))
          .catch(errorText);
        expectSilence(outcome, secrets);
      }
    }
    const refusal = await open(dicomFile(imageElements({}, named), "Secret-4711")).then(() => "opened", errorText);
    expect(refusal).toContain("its transfer syntax is none of the standard");
    expectSilence(refusal, secrets);
  });

  test("gives identifiers to the pseudonym alone, without what pads them", async () => {
    const given: string[] = [];
    const opened = await open(dicomBytesOf(cases[0]!), (text) => `<${given.push(text)}>`);
    expect(opened.identity).toEqual({ patient: "<1>", study: "<2>", series: "<3>" });
    expect(given).toEqual(["Secret-4711", "1.2.3.4711.1", "1.2.3.4711.2"]);
    const image0 = await opened.readFrame(0);
    expectSilence(JSON.stringify([opened, { ...image0, data: [...image0.data] }]), identifiers);
  });

  test("has no identity where the header has none", async () => {
    const blank = [text(0x0010, 0x0020, "LO", "  "), text(0x0020, 0x000d, "UI", "\0\0")];
    const opened = await open(dicomFile(imageElements({}, blank)));
    expect(opened.identity).toEqual({ patient: null, study: null, series: null });
    expect([opened.position, opened.instanceNumber]).toEqual([null, null]);
  });
});

function open(bytes: Uint8Array, pseudonym: (text: string) => string = String): Promise<DicomFile> {
  return openDicom(bytes, "a.dcm", pseudonym);
}

function errorText(error: unknown): string {
  return error instanceof OpError ? error.message + (error.hint ?? "") : `not an OpError: ${String(error)}`;
}

function expectSilence(outcome: string, secrets: readonly string[]): void {
  expect(outcome).not.toContain("not an OpError");
  for (const secret of secrets) {
    expect(outcome).not.toContain(secret);
    expect(outcome).not.toContain(JSON.stringify(secret).slice(1, -1));
  }
}
