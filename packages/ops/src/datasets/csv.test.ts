import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { datasetCodec, type DatasetIndex } from "../artifacts/dataset.ts";
import { csv } from "./csv.ts";
import { contextFor, createFolder, writeGreyPng } from "../../../../tests/ops/dataset-testing.ts";

let folder: string;
beforeEach(async () => {
  folder = await createFolder();
});
afterEach(() => rm(folder, { recursive: true }));

describe("csv", () => {
  it("indexes images, labels, splits and patients in the file's own order", async () => {
    const index = await indexOf(
      "img,class,part,patient\nb.png,ill,train,P7\nsub/./a.png,well,test,P7\nc.png,ill,val,P9\n",
      {
        label: "class",
        group: "patient",
      },
    );
    expect(index.problem).toBe("binary");
    expect(index.classNames).toEqual(["ill", "well"]);
    expect([...index.labels.values]).toEqual([0, 1, 0]);
    expect(index.splits).toEqual(["train", "test", "val"]);
    expect(index.examples.map((example) => example.id)).toEqual(["b.png", "sub/a.png", "c.png"]);
    expect(index.examples.map((example) => example.group)).toEqual(["hash of P7", "hash of P7", "hash of P9"]);
    const bytes = await readFile(join(folder, "b.png"));
    expect(index.examples[0]?.digest).toBe(createHash("sha256").update(bytes).digest("hex"));
  });

  it("orders numbered classes by value, and takes another order from `classes`", async () => {
    const rows = "img,class,part\na.png,10,train\nb.png,9,train\nc.png,10,test\n";
    expect((await indexOf(rows, { label: "class" })).classNames).toEqual(["9", "10"]);
    const turned = await indexOf(rows, { label: "class", classes: ["10", "9", "11"] });
    expect([turned.problem, [...turned.labels.values]]).toEqual(["multi-class", [0, 1, 0]]);
  });

  it("reads several 0/1 columns as a multi-label problem", async () => {
    const index = await indexOf("img,part,mass,edema\na.png,train,1,0\nb.png,test,0,1.0\n", {
      labels: ["edema", "mass"],
    });
    expect(index).toMatchObject({ problem: "multi-label", classNames: ["edema", "mass"] });
    expect([...index.labels.values]).toEqual([0, 1, 1, 0]);
  });

  it.each<[string, readonly string[], readonly number[]]>([
    ["zeros", ["edema", "mass"], [0, 1, 0, 0, 1, 0, 0, 0]],
    ["ones", ["edema", "mass"], [1, 1, 0, 0, 1, 1, 1, 0]],
    ["ignore", ["edema", "mass"], [-1, 1, 0, 0, 1, -1, -1, 0]],
    ["class", ["edema", "mass", "Uncertain"], [0, 1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 1]],
  ])("reads uncertain flags as %s, and empty cells as 0", async (uncertain, classNames, flags) => {
    const rows = ["a.png,train,-1.0,1.0", "b.png,train,,0.0", "c.png,test,1,-1", "d.png,val,-1,"];
    const index = await indexOf(`img,part,edema,mass\n${rows.join("\n")}\n`, {
      labels: ["edema", "mass"],
      uncertain,
      blank: "zeros",
    });
    expect(index).toMatchObject({ problem: "multi-label", classNames });
    expect([...index.labels.values]).toEqual(flags);
    expect(datasetCodec.decode(datasetCodec.encode(index))).toEqual(index);
  });

  it("names bags by keyed hashes", async () => {
    const text = "img,class,part,scan\na.png,ill,train,S1\nb.png,ill,train,S1\nc.png,well,test,S2\n";
    const index = await indexOf(text, { label: "class", bag: "scan" });
    expect(index.examples.map(({ bag }) => bag)).toEqual(["hash of S1", "hash of S1", "hash of S2"]);
    expect(JSON.stringify((await indexOf(text, { label: "class" })).examples)).not.toContain("bag");
  });

  it("reads one column with a separator as a multi-label problem", async () => {
    const rows = "img,part,findings\na.png,train,Mass|Edema\nb.png,test,No Finding\nc.png,test,Mass\n";
    const index = await indexOf(rows, { labels: ["findings"], separator: "|", none: "No Finding" });
    expect(index.classNames).toEqual(["Edema", "Mass"]);
    expect([...index.labels.values]).toEqual([1, 1, 0, 0, 0, 1]);
    const fifteen = await indexOf(rows, { labels: ["findings"], separator: "|" });
    expect(fifteen.classNames).toEqual(["Edema", "Mass", "No Finding"]);
  });

  it("finds images below another root, and lists every file that it reads", async () => {
    await write("images/x.png");
    await writeFile(join(folder, "list.csv"), "\uFEFFimg,class,part\r\nx.png , a,train\r\n");
    const params = paramsFor({ label: "class", classes: ["a", "b"], root: { path: join(folder, "images") } });
    expect(await csv.op.sourceFiles?.(params)).toEqual([{ name: "x.png", path: join(folder, "images/x.png") }]);
    const index = (await csv.op.run(contextFor(params))) as DatasetIndex;
    const reader = await csv.open(params);
    const image = await reader.readImage(index.examples[0]!);
    await reader.close();
    expect([image.width, image.height, image.channels]).toEqual([3, 2, 1]);
  });

  it("counts a table between tabs among its files: the same bytes between commas are another table", async () => {
    await write("x.png");
    await writeFile(join(folder, "list.tsv"), "img\tclass\tpart\nx.png\ta\ttrain\n");
    const params = paramsFor({ label: "class", classes: ["a", "b"], file: { path: join(folder, "list.tsv") } });
    const files = (await csv.op.sourceFiles?.(params)) ?? [];
    expect(files.map(({ name }) => name)).toEqual(["table.tsv", "x.png"]);
  });

  it.each([
    [
      "an absent column",
      "img,kind,part\na.png,x,train\n",
      { label: "class" },
      /list.csv has no column "class"/,
      /"img", "kind", "part"/,
    ],
    [
      "a column that stands twice",
      "img,class,class,part\na.png,x,y,train\n",
      { label: "class" },
      /two columns "class"/,
      null,
    ],
    [
      "an unknown split",
      "img,class,part\na.png,x,train\nb.png,y,dev\n",
      { label: "class" },
      /list.csv line 3, column "part": what stands there is no split/,
      /train, val, test/,
    ],
    [
      "a missing image",
      "img,class,part\na.png,x,train\nnone.png,y,test\n",
      { label: "class" },
      /list.csv line 3, column "img": the image none.png is missing/,
      /root/,
    ],
    [
      "an image listed twice",
      "img,class,part\na.png,x,train\n./a.png,y,test\n",
      { label: "class" },
      /line 3, column "img": a.png stands in line 2 already/,
      null,
    ],
    [
      "a path out of the root",
      "img,class,part\n../a.png,x,train\n",
      { label: "class", classes: ["x", "y"] },
      /"..\/a.png" does not lie below the root/,
      null,
    ],
    [
      "an absolute path",
      "img,class,part\n/etc/a.png,x,train\n",
      { label: "class", classes: ["x", "y"] },
      /does not lie below the root/,
      null,
    ],
    [
      "a bad flag",
      "img,part,m,e\na.png,train,1,-1\n",
      { labels: ["m", "e"] },
      /line 2, column "e": expected 0 or 1, found "-1"/,
      /uncertain: zeros \| ones \| ignore \| class/,
    ],
    [
      "an absent flag",
      "img,part,m,e\na.png,train,,1\n",
      { labels: ["m", "e"] },
      /line 2, column "m": expected 0 or 1, found nothing/,
      /blank: zeros/,
    ],
    [
      "an absent flag where only uncertain ones are read",
      "img,part,m,e\na.png,train,,-1\n",
      { labels: ["m", "e"], uncertain: "ones" },
      /line 2, column "m": expected 0 or 1, found nothing/,
      null,
    ],
    [
      "an uncertain flag where only absent ones are read",
      "img,part,m,e\na.png,train,,-1.0\n",
      { labels: ["m", "e"], blank: "zeros" },
      /line 2, column "e": expected 0 or 1, found "-1.0"/,
      null,
    ],
    [
      "another number as a flag",
      "img,part,m,e\na.png,train,0,1.5\n",
      { labels: ["m", "e"], uncertain: "zeros", blank: "zeros" },
      /line 2, column "e": expected 0 or 1, found "1.5"/,
      /flags as 0 and 1/,
    ],
    [
      "a second class Uncertain",
      "img,part,m,Uncertain\na.png,train,0,1\n",
      { labels: ["m", "Uncertain"], uncertain: "class" },
      /`uncertain: class` adds the class "Uncertain"/,
      null,
    ],
    [
      "uncertain flags without flags",
      "img,class,part\na.png,x,train\n",
      { label: "class", classes: ["x", "y"], uncertain: "zeros" },
      /`uncertain` is for several label columns/,
      null,
    ],
    [
      "blank flags in one column with a separator",
      "img,f,part\na.png,A,train\n",
      { labels: ["f"], separator: "|", blank: "zeros" },
      /`blank` is for several label columns/,
      null,
    ],
    [
      "an empty bag",
      "img,class,part,b\na.png,x,train,\n",
      { label: "class", classes: ["x", "y"], bag: "b" },
      /column "b": the cell is empty/,
      null,
    ],
    [
      "an empty label",
      "img,class,part\na.png,,train\n",
      { label: "class" },
      /line 2, column "class": the cell is empty/,
      null,
    ],
    [
      "an empty list",
      "img,f,part\na.png,,train\n",
      { labels: ["f"], separator: "|" },
      /line 2, column "f": the cell is empty/,
      null,
    ],
    [
      "none beside others",
      "img,f,part\na.png,A|B,train\n",
      { labels: ["f"], separator: "|", none: "B" },
      /"A\|B" holds/,
      null,
    ],
    [
      "a class that is not listed",
      "img,class,part\na.png,z,train\n",
      { label: "class", classes: ["x", "y"] },
      /line 2, column "class": "z" is not one of the classes x, y/,
      null,
    ],
    ["one class only", "img,class,part\na.png,x,train\n", { label: "class" }, /only the class "x"/, null],
    ["no label column", "img,class,part\na.png,x,train\n", {}, /names no label column/, null],
    [
      "both kinds of label columns",
      "img,class,part\na.png,x,train\n",
      { label: "class", labels: ["x", "y"] },
      /both `label` and `labels`/,
      null,
    ],
    [
      "one flag column",
      "img,class,part\na.png,1,train\n",
      { labels: ["class"] },
      /names 1 column without a `separator`/,
      null,
    ],
    ["a short row", "img,class,part\na.png,x\n", { label: "class" }, /line 2 has 2 cells where the header has 3/, null],
    ["an open quote", 'img,class,part\na.png,"x,train\n', { label: "class" }, /cannot be read as CSV/, null],
    ["no rows", "img,class,part\n", { label: "class" }, /holds no rows/, null],
    [
      "an empty patient",
      "img,class,part,p\na.png,x,train,\n",
      { label: "class", classes: ["x", "y"], group: "p" },
      /column "p": the cell is empty/,
      null,
    ],
    [
      "a control character",
      'img,class,part\na.png,"x\u001b[2J",train\n',
      { label: "class" },
      /holds control characters/,
      null,
    ],
  ])("refuses %s", async (_, text, params, message, hint) => {
    const failure = await indexOf(text, params, ["a.png", "b.png"]).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ name: "OpError", message: expect.stringMatching(message) as string });
    if (hint !== null) expect(failure).toMatchObject({ hint: expect.stringMatching(hint) as string });
  });

  it("counts lines as an editor does, blank lines and quoted line breaks included", async () => {
    const text = 'img,note,class,part\n\na.png,"two\nlines",x,train\nb.png,,y,dev\n';
    await expect(indexOf(text, { label: "class" }, ["a.png", "b.png"])).rejects.toThrow("list.csv line 5");
  });
});

/** Writes the list and, unless told which, an image for every row. */
async function indexOf(text: string, params: object, images?: readonly string[]): Promise<DatasetIndex> {
  const rows = text.trim().split("\n").slice(1);
  for (const name of images ?? rows.map((row) => row.split(",")[0] ?? "")) await write(name);
  await writeFile(join(folder, "list.csv"), text);
  return (await csv.op.run(contextFor(paramsFor(params)))) as DatasetIndex;
}

async function write(name: string): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeGreyPng(path, { width: 3, height: 2, value: name.length });
}

function paramsFor(params: object): Readonly<Record<string, unknown>> {
  const absent = { root: null, label: null, labels: null, separator: null, none: null, classes: null, group: null };
  const refusing = { uncertain: "refuse", blank: "refuse", bag: null };
  return { ...absent, ...refusing, file: { path: join(folder, "list.csv") }, path: "img", split: "part", ...params };
}
