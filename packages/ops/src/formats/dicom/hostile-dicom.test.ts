import { deflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { OpError } from "../../op-error.ts";
import { dicomBytesOf, readDicomFixture } from "../../../../../tests/ops/reference/dicom_files-fixture.ts";
import {
  dicomFile,
  encapsulated,
  imageElements,
  sequence,
  text,
  uids,
  us,
} from "../../../../../tests/ops/dicom-testing.ts";
import { openDicom, type DicomFile } from "./open-dicom.ts";

const { cases } = readDicomFixture();

describe("hostile DICOM files", () => {
  test("no DICOM, empty, or without pixels", async () => {
    await expectRefusal(new Uint8Array(), "image-unsupported", "it is no DICOM file");
    await expectRefusal(Buffer.from("<svg/>".repeat(100)), "image-unsupported", "it is no DICOM file");
    await expectRefusal(dicomFile([us(0x0028, 0x0010, 4)]), "dicom-no-pixels", "a.dcm has no pixels");
    await expectRefusal(dicomFile(imageElements(), ""), "image-damaged", "does not state its transfer syntax");
  });

  test("sizes beyond the limit, and beyond what the file holds", async () => {
    const huge = imageElements({ rows: 65535, columns: 65535 });
    await expectRefusal(dicomFile(huge), "image-too-large", "65535 x 65535 pixels; at most 268402689");
    await expectRefusal(dicomFile(imageElements({ rows: 16000, columns: 16000 })), "image-damaged", "says 256000000");
    await expectRefusal(dicomFile(imageElements({ rows: 0 })), "image-damaged", "4 x 0 pixels");
    const many = [text(0x0028, 0x0008, "IS", "100000"), ...imageElements()];
    await expectRefusal(dicomFile(many), "image-damaged", "16 bytes of pixels where its header says 1600000");
    await expectRefusal(
      dicomFile(many, uids.rle),
      "image-damaged",
      "not stored as its transfer syntax, RLE Lossless, says",
    );
    const fragments = [...many.slice(0, -1), encapsulated(Buffer.alloc(80))];
    await expectRefusal(
      dicomFile(fragments, uids.rle),
      "image-damaged",
      "100000 frames, but has pixels in 1 fragments",
    );
    const beyond = [text(0x0028, 0x0008, "IS", "1000000000"), ...imageElements()];
    await expectRefusal(dicomFile(beyond), "image-damaged", "claims 1000000000 frames, and 524288 at most are read");
    for (const frames of ["-1", "1.5", "0", "1e3 frames", "NaN"]) {
      const damaged = [text(0x0028, 0x0008, "IS", frames), ...imageElements()];
      await expectRefusal(dicomFile(damaged), "image-damaged", "its number of frames is no such number");
    }
  });

  test.each([
    ["rle", 90],
    ["jpeg, 8 bits", 0],
    ["jpeg lossless, predictor 1", 0],
    ["jpeg-ls, 8 bits", 0],
    ["jpeg 2000, 8 bits", 0],
  ])("a compressed frame that is smaller than its header says: %s", async (name) => {
    const bytes = Buffer.from(dicomBytesOf(cases.find((one) => one.name.startsWith(name))!));
    bytes.writeUInt16LE(16000, bytes.indexOf(Buffer.from("2800100055530200", "hex")) + 8);
    bytes.writeUInt16LE(16000, bytes.indexOf(Buffer.from("2800110055530200", "hex")) + 8);
    const opened = await openDicom(bytes, "a.dcm", String);
    await expect(opened.readFrame(0)).rejects.toMatchObject({ code: "image-damaged" });
  });

  test("bits, samples and colours that cannot be", async () => {
    await expectRefusal(
      dicomFile(imageElements({ bits: 12 })),
      "image-unsupported",
      "12 bits each, not in 1, 8, 16 or 32",
    );
    await expectRefusal(
      dicomFile(imageElements({ stored: 9 })),
      "image-damaged",
      "9 bits up to bit 8 do not fit into its 8 bits",
    );
    await expectRefusal(
      dicomFile(imageElements({ samples: 3 })),
      "image-damaged",
      "says MONOCHROME2, but not 1 samples",
    );
    await expectRefusal(
      dicomFile(imageElements({ photometric: "CMYK" })),
      "image-unsupported",
      "none of MONOCHROME1, MONOCHROME2",
    );
    const transformed = imageElements({ photometric: "YBR_ICT", samples: 3, rows: 1 });
    await expectRefusal(dicomFile(transformed), "image-damaged", "YBR_ICT, which is of JPEG 2000 alone");
    await expectRefusal(
      dicomFile(imageElements({ photometric: "PALETTE COLOR" })),
      "image-damaged",
      "its palette is missing",
    );
  });

  test("names the transfer syntax that is not read, and not one that it does not know", async () => {
    const mpeg = dicomFile(
      [...imageElements().slice(0, -1), encapsulated(Buffer.alloc(80))],
      "1.2.840.10008.1.2.4.102",
    );
    await expectRefusal(
      mpeg,
      "image-unsupported",
      "its transfer syntax, MPEG-4 AVC/H.264 High Profile / Level 4.1, is not",
    );
    const jxl = dicomFile([...imageElements().slice(0, -1), encapsulated(Buffer.alloc(80))], "1.2.840.10008.1.2.4.110");
    await expectRefusal(jxl, "image-unsupported", "JPEG XL Lossless");
    const unknown = await refusalOf(dicomFile(imageElements(), "1.2.3.4711"));
    expect(unknown.message).toBe("a.dcm cannot be used: its transfer syntax is none of the standard.");
  });

  test("colours of JPEG 2000 that its decoder would cut off", async () => {
    const bytes = Buffer.from(dicomBytesOf(cases.find(({ name }) => name === "jpeg 2000, rgb")!));
    const depths = bytes.indexOf(Buffer.from("ff4fff51", "hex")) + 42;
    for (const component of [0, 1, 2]) bytes[depths + 3 * component] = 11;
    await expectRefusal(bytes, "image-unsupported", "has 12 bits per sample, more than 8");
  });

  test("rescaling that is garbled, by which values would mean something else", async () => {
    for (const [slope, intercept] of [
      ["one", "0"],
      ["1", "1,5"],
      ["0", "0"],
      ["1e999", "0"],
      ["1", "0x10"],
      ["", "5"],
    ] as const) {
      const rescaled = [text(0x0028, 0x1052, "DS", intercept), text(0x0028, 0x1053, "DS", slope)];
      await expectRefusal(
        dicomFile(imageElements({}, rescaled)),
        "image-damaged",
        "its rescale slope and intercept are no such numbers",
      );
    }
    await expectRefusal(
      dicomFile(imageElements({}, [sequence(0x0028, 0x3000, [])])),
      "image-damaged",
      "its modality lookup table is garbled",
    );
  });

  test("takes a window that cannot be for none", async () => {
    for (const [center, width, kind] of [
      ["40", "0", "LINEAR"],
      ["", "", "LINEAR"],
      ["40", "0", "SIGMOID"],
      ["40", "-5", "LINEAR_EXACT"],
      ["x", "5", "LINEAR"],
      ["40", "400", "CUBIC"],
    ] as const) {
      const window = [
        text(0x0028, 0x1050, "DS", center),
        text(0x0028, 0x1051, "DS", width),
        text(0x0028, 0x1056, "CS", kind),
      ];
      const opened = await open(dicomFile(imageElements({}, window)));
      expect((await opened.readFrame(0)).display, `${center} ${width} ${kind}`).toEqual({
        voi: null,
        isInverted: false,
      });
    }
  });

  test("sequences within sequences within sequences, with and without ends", async () => {
    let nested = sequence(0x5200, 0x9230, []);
    for (let depth = 0; depth < 5000; depth++) nested = sequence(0x5200, 0x9230, [nested]);
    await expectRefusal(dicomFile([nested, ...imageElements()]), "image-damaged", "nested too deeply");
    const opening = Buffer.from("00523092" + "53510000ffffffff" + "feff00e0ffffffff", "hex");
    await expectRefusal(dicomFile([...Array<Buffer>(100_000).fill(opening)]), "image-damaged", "nested too deeply");
    await expectRefusal(dicomFile([opening]), "image-damaged", "cut short");
    const item = Buffer.from("feff00e000000000", "hex");
    const items = Buffer.concat([opening.subarray(0, 12), ...Array<Buffer>(600_000).fill(item)]);
    await expectRefusal(dicomFile([items]), "image-damaged", "too many items");
  });

  test("a deflated data set that grows out of all proportion", async () => {
    const zeros = Buffer.alloc(100 * 1024 * 1024);
    const header = dicomFile([], "1.2.840.10008.1.2.1.99");
    const bomb = Buffer.concat([header, deflateRawSync(zeros)]);
    await expectRefusal(bomb, "image-damaged", "its deflated part cannot be unpacked");
  });
});

function open(bytes: Uint8Array, pseudonym: (text: string) => string = String): Promise<DicomFile> {
  return openDicom(bytes, "a.dcm", pseudonym);
}

async function refusalOf(bytes: Uint8Array): Promise<OpError> {
  const outcome = await open(bytes)
    .then((opened) => opened.readFrame(0))
    .catch((error: unknown) => error);
  if (outcome instanceof OpError) return outcome;
  throw new Error("It was not refused.", { cause: outcome });
}

async function expectRefusal(bytes: Uint8Array, code: string, message: string): Promise<void> {
  const refusal = await refusalOf(bytes);
  expect([refusal.code, refusal.message]).toEqual([code, expect.stringContaining(message)]);
  expect(refusal.hint).not.toBeNull();
}
