import { createHash, createHmac } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextFor, createFolder } from "../../../../tests/ops/dataset-testing.ts";
import {
  dicomBytes,
  writeDicomMiniature,
  type MiniaturePatient,
  type WrittenDicom,
} from "../../../../tests/ops/miniatures/dicom-folder.ts";
import { datasetCodec, type DatasetIndex } from "../artifacts/dataset.ts";
import { dicomFolder } from "./dicom-folder.ts";
import { inspectDataset } from "./inspect-dataset.ts";

let root: string;
beforeEach(async () => {
  root = await createFolder();
});
afterEach(() => rm(root, { recursive: true }));

const byTable = { key: "patient", label: "label", split: "split" };

describe("dicom_folder with a table", () => {
  it("takes labels and splits of patients, in the order of the paths, and passes over what is no DICOM by its name", async () => {
    const patients = await writeDicomMiniature(root);
    const index = await indexOf(byTable);
    expect(index).toMatchObject({ problem: "binary", classNames: ["ill", "well"] });
    const files = patients.flatMap(({ files: names }) => names).sort();
    expect(files).toHaveLength(36);
    expect(index.examples.map(({ id }) => id)).toEqual(files);
    expect(index.notes).toBeUndefined();
    for (const [row, { id, group, bag }] of index.examples.entries()) {
      const patient = patients.find((each) => each.files.includes(id))!;
      expect([index.classNames[index.labels.values[row]!], index.splits[row]]).toEqual([patient.label, patient.split]);
      expect([group, bag]).toEqual([pseudonym(patient.id), undefined]);
    }
    const sources = await dicomFolder.op.sourceFiles?.(paramsFor(byTable));
    expect(sources?.map(({ name }) => name)).toEqual(files);
  });

  it.each(["study", "series", "path"])("matches rows by %s", async (key) => {
    await writeDicomMiniature(root, { slices: 1 });
    const wanted = await indexOf(byTable);
    expect(await indexOf({ ...byTable, key })).toEqual(wanted);
    expect(await indexOf({ ...byTable, key: "patient", key_column: "patient" })).toEqual(wanted);
  });

  it("splits by patients in even steps where no column says splits, and says so", async () => {
    const patients = await writeDicomMiniature(root);
    // A column of that name is taken without being named.
    expect(await indexOf({ ...byTable, split: null })).toEqual(await indexOf(byTable));
    await renameSplits();
    const index = await indexOf({ ...byTable, split: null });
    const splits = new Map(index.examples.map(({ group }, row) => [group, index.splits[row]]));
    const steps = ["test", "val", "train", "train", "train", "test", "train", "val", "train", "train", "test", "train"];
    expect(patients.map(({ id }) => splits.get(pseudonym(id)))).toEqual(steps);
    expect(index.notes).toEqual([
      "Splits are by patients in even steps, since no column says them: 7 of train, 2 of val, 3 of test.",
    ]);
  });

  it("takes patients from the table where a column names them", async () => {
    await writeDicomMiniature(root, { slices: 1 });
    const index = await indexOf({ ...byTable, group: "study" });
    expect(new Set(index.examples.map(({ group }) => group)).size).toBe(12);
    expect(index.examples[0]?.group).toBe(pseudonym("1.2.826.0.1.4711.1"));
  });

  it("reads several labels, and classes in another order", async () => {
    await write("a", dicomBytes({ ...slice, patientId: "A" }));
    await write("b", dicomBytes({ ...slice, patientId: "B" }));
    await writeTable("patient,mass,edema,split", "A,1,0,train", "B,,1,test");
    const index = await indexOf({ key: "patient", labels: ["edema", "mass"], split: "split", blank: "zeros" });
    expect([index.problem, [...index.labels.values]]).toEqual(["multi-label", [0, 1, 1, 0]]);
    await writeTable("patient,label,split", "A,1,train", "B,0,test");
    expect([...(await indexOf(byTable)).labels.values]).toEqual([1, 0]);
    expect([...(await indexOf({ ...byTable, classes: ["1", "0"] })).labels.values]).toEqual([0, 1]);
  });
});

describe("dicom_folder with folders", () => {
  it("reads SPLIT/CLASS with anything below", async () => {
    const patients = await writeDicomMiniature(root, { layout: "folders" });
    const index = await indexOf({ table: null });
    expect(index.examples.map(({ id }) => id)).toEqual(patients.flatMap(({ files }) => files).sort());
    for (const [row, { id, group }] of index.examples.entries()) {
      const patient = patients.find((each) => each.files.includes(id))!;
      expect([index.classNames[index.labels.values[row]!], index.splits[row], group]).toEqual([
        patient.label,
        patient.split,
        pseudonym(patient.id),
      ]);
    }
    const turned = await indexOf({ table: null, classes: ["well", "ill"] });
    expect([...turned.labels.values]).toEqual([...index.labels.values].map((label) => 1 - label));
  });

  it.each([
    ["no split folder", ["scans/a/1"], {}, /^There is no split folder: found scans\/, expected some of train, Train/],
    ["two of one split", ["val/a/1", "valid/b/1"], {}, /val and valid both stand for the split val/],
    ["files beside classes", ["train/a/1", "train/1"], {}, /^train\/1 lies beside the class folders of train/],
    ["a class without files", ["train/a/1", "train/b/notes.txt"], {}, /class folder train\/b holds no file/],
    ["one class", ["train/a/1"], {}, /only the class "a"/],
    ["other classes", ["train/a/1", "test/b/1"], { classes: ["a", "c"] }, /names a, c, but the class folders are a, b/],
    ["control characters", ["train/a\u0007/1"], {}, /name in train holds control characters: "a\\u0007"/],
  ])("refuses %s", async (_, names, params, message) => {
    for (const name of names) await write(name, dicomBytes(slice));
    await expect(indexOf({ table: null, ...params })).rejects.toMatchObject({
      name: "OpError",
      message: expect.stringMatching(message) as string,
    });
  });
});

describe("the images of dicom_folder", () => {
  it("are every frame, called by its index where there are several", async () => {
    const values = Int16Array.from({ length: 3 * 16 }, (_, at) => at);
    await write("one", dicomBytes(slice));
    await write("several.dcm", dicomBytes({ ...slice, patientId: "P2", values }));
    await writeTable("path,label,split", "one,a,train", "./several.dcm,b,test");
    const params = { key: "path", label: "label", split: "split", window: [0, 47] };
    const index = await indexOf(params);
    expect(index.examples.map(({ id }) => id)).toEqual(["one", "several.dcm#0", "several.dcm#1", "several.dcm#2"]);
    expect([...index.labels.values]).toEqual([0, 1, 1, 1]);
    const reader = await dicomFolder.open(paramsFor(params));
    for (const frame of [2, 0, 1]) {
      const { width, height, channels, data } = await reader.readImage(index.examples[frame + 1]!);
      expect([width, height, channels]).toEqual([4, 4, 1]);
      expect([...data]).toEqual(
        [...values.subarray(16 * frame, 16 * frame + 16)].map((value) => Math.fround(value / 47)),
      );
    }
    await reader.close();
  });

  it("are shown through the file's window, a window of Hounsfield units, or percentiles, each with digests of its own", async () => {
    const values = Int16Array.from({ length: 16 }, (_, at) => -100 + 20 * at);
    await write("a", dicomBytes({ ...slice, values, window: [0, 101] }));
    await write("b", dicomBytes({ ...slice, patientId: "P2", values }));
    await writeTable("path,label,split", "a,a,train", "b,b,test");
    const params = { key: "path", label: "label", split: "split" };
    const read = async (more: object, row: number): Promise<readonly [string, readonly number[]]> => {
      const index = await indexOf({ ...params, ...more });
      const reader = await dicomFolder.open(paramsFor({ ...params, ...more }));
      return [index.examples[row]!.digest, [...(await reader.readImage(index.examples[row]!)).data]];
    };
    const shown = [await read({}, 0), await read({ window: [-20, 20] }, 0), await read({ percentiles: [0, 50] }, 0)];
    // DICOM PS3.3 C.11.2.1.2.1 with center 0 and width 101.
    expect(shown[0]![1]).toEqual(
      [...values].map((value) => Math.fround(Math.min(1, Math.max(0, (value + 0.5) / 100 + 0.5)))),
    );
    expect(shown[1]![1]).toEqual([...values].map((value) => Math.min(1, Math.max(0, (value + 20) / 40))));
    expect(shown[2]![1]).toEqual([...values].map((value) => Math.fround(Math.min(1, (value + 100) / 150))));
    expect((await read({}, 1))[1]).toEqual([...values].map((value) => Math.fround((value + 100) / 300)));
    expect(new Set(shown.map(([digest]) => digest)).size).toBe(3);
    await expect(indexOf({ ...params, window: [1, 0] })).rejects.toMatchObject({ code: "window-invalid" });
  });

  it("have digests of their files, their frames and the window, whatever the files are called", async () => {
    await write("a", dicomBytes(slice));
    await write("b/c.dcm", dicomBytes(slice));
    await writeTable("path,label,split", "a,a,train", "b/c.dcm,b,test");
    const params = { key: "path", label: "label", split: "split" };
    const [first, second] = (await indexOf(params)).examples;
    const file = sha256(await readFile(join(root, "a")));
    expect(first!.digest).toBe(sha256(`exp.dicom-frame.1\n${file}\n0\n\n`));
    expect(second!.digest).toBe(first!.digest);
    const known = new Map([
      ["a", "known"],
      ["b/c.dcm", "known too"],
    ]);
    const context = { ...contextFor(paramsFor({ ...params, window: [0, 1] })), sourceDigests: known };
    const { examples } = (await dicomFolder.op.run(context)) as DatasetIndex;
    expect(examples[0]!.digest).toBe(sha256("exp.dicom-frame.1\nknown\n0\nrange 0 1\n"));
    known.delete("a");
    await expect(dicomFolder.op.run(context)).rejects.toMatchObject({ code: "dataset-changed" });
  });

  it("are told from others that took their place", async () => {
    await writeDicomMiniature(root, { slices: 1 });
    const index = await indexOf(byTable);
    const reader = await dicomFolder.open(paramsFor(byTable));
    const example = index.examples[0]!;
    await writeFile(join(root, example.id), dicomBytes(slice));
    await expect(reader.readImage(example)).rejects.toMatchObject({ code: "image-changed" });
    await reader.close();
    for (const [bytes, code] of [
      ["no DICOM", "image-changed"],
      [null, "file-missing"],
    ] as const) {
      await (bytes === null ? rm(join(root, example.id)) : writeFile(join(root, example.id), bytes));
      const other = await dicomFolder.open(paramsFor(byTable));
      const refusal = other.readImage(example);
      await expect(refusal).rejects.toMatchObject({ code, message: expect.stringContaining(example.id) as string });
    }
  });
});

describe("the bags of dicom_folder", () => {
  it("are series whose slices stand in the order in which they lie, whatever their names", async () => {
    const patients = await writeDicomMiniature(root);
    const index = await indexOf({ ...byTable, bag: "series" });
    // Files are named against their order.
    expect(index.examples.map(({ id }) => id)).toEqual(patients.flatMap(({ files }) => files));
    expect(index.examples.map(({ bag }) => bag)).toEqual(
      patients.flatMap(({ seriesUid, files }) => files.map(() => pseudonym(seriesUid))),
    );
  });

  it("go by instance number where a slice does not say its place, and by name where it lacks that too", async () => {
    const placed = [
      ["c", { z: 1, instanceNumber: 3 }],
      ["b", { z: 3, instanceNumber: 1 }],
      ["a", { z: 2, instanceNumber: 2 }],
    ] as const;
    const orderWith = async (change: Partial<WrittenDicom>): Promise<string> => {
      for (const [name, place] of placed) await write(name, dicomBytes({ ...slice, ...place }));
      await write("a", dicomBytes({ ...slice, z: 2, instanceNumber: 2, ...change }));
      await write("z", dicomBytes({ ...slice, patientId: "other", seriesUid: "2.2" }));
      await writeTable("patient,label,split", "P1,a,train", "other,b,test");
      return (await indexOf({ ...byTable, bag: "series" })).examples.map(({ id }) => id).join("");
    };
    expect(await orderWith({})).toBe("cabz");
    expect(await orderWith({ z: null })).toBe("bacz");
    expect(await orderWith({ z: null, instanceNumber: null })).toBe("abcz");
  });

  it("are studies, series after series", async () => {
    for (const [name, seriesUid, z] of [
      ["1", "1.2", 5],
      ["2", "1.1", 9],
      ["3", "1.2", 2],
      ["4", "1.1", 7],
    ] as const) {
      await write(name, dicomBytes({ ...slice, seriesUid, z }));
    }
    await write("5", dicomBytes({ ...slice, patientId: "other", studyUid: "2" }));
    await writeTable("patient,label,split", "P1,a,train", "other,b,test");
    const { examples } = await indexOf({ ...byTable, bag: "study" });
    expect(examples.map(({ id }) => id).join("")).toBe("31425");
    expect(examples.map(({ bag }) => bag)).toEqual(["1.9", "1.9", "1.9", "1.9", "2"].map(pseudonym));
  });

  it("need the name of a series", async () => {
    await writeDicomMiniature(root, { slices: 1 });
    await write(
      "scans/001/nameless",
      dicomBytes({ ...slice, patientId: "Geheim-001\u0007<script>[x]", seriesUid: null }),
    );
    expect((await indexOf(byTable)).examples).toHaveLength(13);
    await expect(indexOf({ ...byTable, bag: "series" })).rejects.toThrow(
      "scans/001/nameless does not say which series it is of: it has no Series Instance UID.",
    );
    const { notes } = await indexOf({ ...byTable, bag: "series", on_error: "skip" });
    expect(notes).toEqual([
      "Left out: 1 file that cannot be read (1 of no known split; 1 without the series' or study's name; on_error: skip).",
    ]);
  });
});

it("takes a study, else a series, for the patient of files that say none, and says so", async () => {
  const nameless = { ...slice, patientId: null };
  for (const [name, file] of Object.entries({
    a: { ...nameless, studyUid: "1.1" },
    b: { ...nameless, studyUid: "1.1", seriesUid: "1.2" },
    c: { ...nameless, studyUid: null, seriesUid: "1.3" },
    d: { ...nameless, studyUid: null, seriesUid: null },
    e: slice,
  })) {
    await write(name, dicomBytes(file));
  }
  await writeTable("path,label,split", ...["a", "b", "c", "d", "e"].map((name) => `${name},x,train`), "f,y,test");
  await write("f", dicomBytes({ ...slice, patientId: "other" }));
  const { examples, notes } = await indexOf({ ...byTable, key: "path" });
  const groups = ["1.1", "1.1", "1.3", null, "P1", "other"].map((text) => (text === null ? null : pseudonym(text)));
  expect(examples.map(({ group }) => group)).toEqual(groups);
  expect(notes).toEqual([
    "Without a patient, so that its study or series stands for one: 3 files.",
    "Without patient, study and series, so that each is counted as a patient: 1 file.",
  ]);
  // Two studies may be of one person: they are no ground to draw splits by.
  await writeTable(
    "path,label",
    ...["a", "b", "c", "d", "e", "f"].map((name) => `${name},${name === "f" ? "y" : "x"}`),
  );
  await expect(indexOf({ ...byTable, key: "path", split: null })).rejects.toMatchObject({ code: "patients-unknown" });
});

describe("what dicom_folder refuses", () => {
  let patients: readonly MiniaturePatient[];
  beforeEach(async () => {
    patients = await writeDicomMiniature(root, { slices: 2 });
  });

  it.each([
    ["no DICOM", "LISEZMOI", Buffer.from("text"), "image-unsupported", "of an unread format"],
    ["a file that is cut short", "cut", dicomBytes(slice0()).subarray(0, -100), "image-damaged", "damaged"],
    ["an empty file", "empty.dcm", new Uint8Array(), "image-unsupported", "of an unread format"],
  ])("is %s, which is left out on request", async (_, name, bytes, code, reason) => {
    const sound = await indexOf(byTable);
    await write(`scans/${name}`, bytes);
    const message = expect.stringContaining(`scans/${name}`) as string;
    await expect(indexOf(byTable)).rejects.toMatchObject({ code, message });
    const { notes, ...index } = await indexOf({ ...byTable, on_error: "skip" });
    expect(index).toEqual(sound);
    expect(notes).toEqual([`Left out: 1 file that cannot be read (1 of no known split; 1 ${reason}; on_error: skip).`]);
  });

  it("is a file that no row is of, and a row without a file, told by path and line alone", async () => {
    const sound = await indexOf(byTable);
    await write("scans/999/a", dicomBytes({ ...slice, patientId: "Geheim-999" }));
    await write("scans/999/b", dicomBytes({ ...slice, patientId: null }));
    await expect(indexOf(byTable)).rejects.toMatchObject({
      code: "file-without-row",
      message: "2 files match no row of labels.csv; the first is scans/999/a.",
    });
    await rm(join(root, "scans/012"), { recursive: true });
    await expect(indexOf({ ...byTable, on_error: "stop" })).rejects.toThrow("2 files match no row");
    const { notes, examples } = await indexOf({ ...byTable, on_error: "skip" });
    expect(examples).toEqual(sound.examples.slice(0, -2));
    expect(notes).toEqual([
      "Left out: 2 files that match no row of labels.csv (on_error: skip).",
      "1 row of labels.csv matches no file that can be read (on_error: skip).",
    ]);
    await rm(join(root, "scans/999"), { recursive: true });
    await expect(indexOf(byTable)).rejects.toThrow(
      "1 row of labels.csv matches no file that can be read; the first is in line 13.",
    );
  });

  it.each([
    [
      "a key twice",
      ["patient,label,split", "Geheim-1,a,train", "Geheim-2,b,test", "Geheim-1 ,b,test"],
      {},
      'lines 2 and 4 have the same in their column "patient"',
    ],
    [
      "an empty key",
      ["patient,label,split", "Geheim-1,a,train", ",b,test"],
      {},
      'line 3, column "patient": the cell is empty',
    ],
    [
      "another word for a split",
      ["patient,label,split", "Geheim-1,a,Geheim-2", "Geheim-2,b,test"],
      {},
      'line 2, column "split": what stands there is no split',
    ],
    [
      "quotes that do not fit",
      ["patient,label,split", "x,a,train", 'Geheim"1,a,train'],
      {},
      "see the quotes of line 3",
    ],
    ["no such column", ["id,label,split", "Geheim-1,a,train"], {}, 'has no column "patient"'],
    ["no label column", ["patient,split", "Geheim-1,train"], { label: null }, "names no label column"],
  ])("is a table with %s, told without a name", async (_, lines, params, message) => {
    await writeTable(...lines);
    const error = await refusalOf(indexOf({ ...byTable, ...params }));
    expect(error).toContain(message);
    expect(error).not.toContain("Geheim");
  });

  it("is a split by patients where one is not known, or where they are too few", async () => {
    await write("scans/013", dicomBytes({ ...slice, patientId: null, studyUid: patients[0]!.studyUid }));
    const byStudy = { key: "study", label: "label", split: null };
    await renameSplits();
    await expect(indexOf(byStudy)).rejects.toThrow(
      "The patient of 1 file is not known, so that no split by patients can be made; the first is scans/013.",
    );
    expect((await indexOf({ ...byStudy, group: "study" })).examples).toHaveLength(25);
    await rm(join(root, "scans"), { recursive: true });
    await writeDicomMiniature(root, { patients: 2 });
    await renameSplits();
    await expect(indexOf({ ...byTable, split: null })).rejects.toThrow("need three of them, and there are 2.");
  });

  it("is a folder without DICOM, and a root that is not there", async () => {
    await rm(join(root, "scans"), { recursive: true });
    await expect(indexOf({ ...byTable, on_error: "skip" })).rejects.toThrow(
      "There is no file to be read below the root.",
    );
    await expect(indexOf({ ...byTable, root: { path: join(root, "none") } })).rejects.toThrow(
      "The root folder cannot be read (ENOENT).",
    );
  });

  it("is two images of one name", async () => {
    const values = Int16Array.from({ length: 32 }, (_, at) => at);
    await write("scans/001/IM1#1", dicomBytes({ ...slice, patientId: patients[0]!.id }));
    await write("scans/001/IM1", dicomBytes({ ...slice, patientId: patients[0]!.id, values }));
    await expect(indexOf(byTable)).rejects.toThrow("Two images are called scans/001/IM1#1.");
  });
});

describe("dicom_folder, looked at", () => {
  it("counts what it holds, and tells of each file that a run would refuse", async () => {
    const patients = await writeDicomMiniature(root);
    await write("scans/001/cut", dicomBytes(slice0()).subarray(0, -100));
    await write("scans/001/stranger", dicomBytes({ ...slice, patientId: "Geheim-999" }));
    const steps = new Set<string>();
    const inspection = await inspectDataset("dicom_folder", paramsFor({ ...byTable, bag: "series" }), {
      signal: new AbortController().signal,
      progress: (step, _, total) => steps.add(`${step} ${total}`),
    });
    expect([...steps]).toEqual(["listing 38", "reading 36"]);
    expect(inspection).toMatchObject({
      images: { train: 24, val: 6, test: 6, all: 36 },
      patients: { all: 12 },
      bags: { all: 12 },
      sizes: { smallest: { width: 16, height: 16 }, pixels: [{ channels: 1, bits: 32, images: 36 }] },
      ...{ missing: [], unreadable: [], identical: [], leaks: [], bagFaults: [] },
    });
    expect(inspection.problems.map(({ code }) => code)).toEqual(["image-damaged", "file-without-row"]);
    expectNoIdentifier(JSON.stringify(inspection), patients);
  });
});

it("keeps no patient, no header's text and no path of this machine", async () => {
  const patients = await writeDicomMiniature(root);
  for (const more of [{}, { bag: "series" }, { split: null, group: "patient" }, { key: "study" }]) {
    const index = await indexOf({ ...byTable, ...more });
    expectNoIdentifier(Buffer.from(datasetCodec.encode(index)).toString("utf8"), patients);
    expect(datasetCodec.decode(datasetCodec.encode(index))).toEqual(index);
  }
  await write("scans/cut", dicomBytes({ ...slice, ...patients[0]!, patientId: patients[0]!.id }).subarray(0, 500));
  expectNoIdentifier(await refusalOf(indexOf(byTable)), patients);
  const skipped = await indexOf({ ...byTable, on_error: "skip" });
  expectNoIdentifier(Buffer.from(datasetCodec.encode(skipped)).toString("utf8"), patients);
});

/** Neither as it is written nor as JSON spells it. */
function expectNoIdentifier(text: string, patients: readonly MiniaturePatient[]): void {
  expect(text.length).toBeGreaterThan(20);
  for (const { name, id, studyUid } of patients) {
    for (const secret of [name, id, studyUid]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
    }
  }
  for (const secret of ["Geheim", "<script>", "\u001b[31m", root]) expect(text).not.toContain(secret);
}

/** Code, message and hint of an error. */
async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => null,
    (reason: unknown) => reason as { readonly code: string; readonly message: string; readonly hint: string },
  );
  if (error === null) throw new Error("Nothing was refused.");
  return `${error.code}: ${error.message} ${error.hint}`;
}

const slice: WrittenDicom = {
  ...{ patientId: "P1", studyUid: "1.9", seriesUid: "1.1", instanceUid: "1.1.1" },
  ...{ size: 4, values: Int16Array.from({ length: 16 }, (_, at) => at) },
};

/** For tables of cases, which are made before the constant above. */
function slice0(): WrittenDicom {
  return {
    patientId: "P1",
    studyUid: "1.9",
    seriesUid: "1.1",
    instanceUid: "1.1.1",
    size: 16,
    values: new Int16Array(256),
  };
}

async function indexOf(params: object): Promise<DatasetIndex> {
  return (await dicomFolder.op.run({ ...contextFor(paramsFor(params)), pseudonym })) as DatasetIndex;
}

/** As a store makes them. */
function pseudonym(identifier: string): string {
  return createHmac("sha256", "a store's key").update(identifier).digest("hex").slice(0, 24);
}

/** The parameters that a program leaves to their defaults, as the language fills them in. */
function paramsFor(params: object): Readonly<Record<string, unknown>> {
  const defaults = Object.entries(dicomFolder.op.signature.params).flatMap(([name, spec]) =>
    "default" in spec ? [[name, spec.default] as const] : [],
  );
  const table = { path: join(root, "labels.csv") };
  return { ...Object.fromEntries(defaults), root: { path: root }, table, ...params };
}

/** So that no column says the splits. */
async function renameSplits(): Promise<void> {
  const path = join(root, "labels.csv");
  await writeFile(path, (await readFile(path, "utf8")).replace(/\bsplit\b/, "part"));
}

async function writeTable(...lines: readonly string[]): Promise<void> {
  await writeFile(join(root, "labels.csv"), `${lines.join("\n")}\n`);
}

async function write(name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(join(root, name)), { recursive: true });
  await writeFile(join(root, name), bytes);
}

function sha256(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
