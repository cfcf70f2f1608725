import { checkGraph, compile, type OpSignature, type TaskGraph } from "@exp-lab/dsl";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileText, diagnosticsText } from "./compile-case.ts";
import { signatures } from "./signatures.ts";

const declarations = `exp 1
dataset d1 = medmnist { file: "1.npz" }
dataset d2 = medmnist { file: "2.npz" }
backbone b1 = vit { weights: random(1) }
backbone b2 = onnx { file: "b2.onnx" }
head h1 = knn { k: 7 }
head h2 = logistic {}
`;

function graphOf(text: string): TaskGraph {
  const result = compileText(text);
  expect(diagnosticsText(result)).toBe("");
  if (result.graph === null) throw new Error("no graph, though there is no diagnostic");
  return result.graph;
}

const sublist = (names: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.shuffledSubarray([...names], { minLength: 1 });

/** The axes of a sweep with some values each, in some order; every name of `declarations` is used by a second sweep. */
const axes = fc
  .record({
    dataset: sublist(["d1", "d2"]),
    backbone: sublist(["b1", "b2"]),
    head: sublist(["h1", "h2"]),
    "head.k": sublist(["3", "5", "9"]),
    "head.c": sublist(["0.1", "1"]),
    "dataset.shots": sublist(["1", "2", "null"]),
    seed: sublist(["0", "1", "2"]),
  })
  .chain((values) => {
    // `head.k` and `head.c` each need the head that has the parameter.
    const usable = Object.entries(values).filter(
      ([name]) =>
        (name !== "head.k" || values.head.includes("h1")) &&
        ((name !== "head.c" && name !== "seed") || values.head.includes("h2")),
    );
    return fc.shuffledSubarray(usable, { minLength: usable.length });
  });

const every = `sweep every { dataset: [d1, d2]  backbone: [b1, b2]  head: [h1, h2] }
table "Every" { from: every  rows: backbone, head  columns: dataset  cells: val.accuracy }
`;

function programOf(swept: readonly (readonly [string, readonly string[]])[]): string {
  const fields = swept.map(([name, values]) => `  ${name}: [${values.join(", ")}]`).join("\n");
  const rows = swept.map(([name]) => name).filter((name) => name !== "seed");
  const table = `table "Some" { from: some  rows: ${rows.join(", ")}  cells: test.auroc, difference(val.auroc, test.auroc) }`;
  return `${declarations}${every}sweep some {\n${fields}\n}\n${table}\n`;
}

describe("every graph", () => {
  test("holds to the invariants, is plain data and comes out the same again", () => {
    fc.assert(
      fc.property(axes, (swept) => {
        const graph = graphOf(programOf(swept));
        expect(checkGraph(graph)).toEqual([]);
        expect(JSON.parse(JSON.stringify(graph))).toEqual(graph);
        expect(graphOf(programOf(swept))).toEqual(graph);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test("has the same tasks whatever the order of the axes", () => {
    fc.assert(
      fc.property(axes, (swept) => {
        const ids = (text: string): readonly string[] => graphOf(text).tasks.map((task) => task.id);
        expect(new Set(ids(programOf([...swept].reverse())))).toEqual(new Set(ids(programOf(swept))));
      }),
      { numRuns: 30, seed: 2 },
    );
  });
});

describe("labels", () => {
  const program = (k: number): string => `${declarations}${every}`.replace("k: 7", `k: ${String(k)}`);

  test("stay when a parameter is edited in place, while the ids of what depends on it change", () => {
    const before = graphOf(program(7));
    const after = graphOf(program(8));
    expect(after.tasks.map((task) => task.label)).toEqual(before.tasks.map((task) => task.label));
    const changed = after.tasks.filter((task, position) => task.id !== before.tasks[position]?.id);
    expect([...new Set(changed.map((task) => task.op))].sort()).toEqual(["accuracy", "knn"]);
    expect(changed.every((task) => task.axes["head"] === "h1")).toBe(true);
  });
});

describe("sources", () => {
  test("each file is read once, and none outside the folder above the entry's", () => {
    const files: Readonly<Record<string, string>> = {
      "a/b/main.exp": 'exp 1\nimport "x.exp"\nimport "../c/y.exp"\nimport "../../z.exp"\n',
      "a/b/x.exp": 'exp 1\nimport "../c/y.exp"\n',
      "a/c/y.exp": "exp 1\n",
      "z.exp": "exp 1\n",
    };
    const read: string[] = [];
    const readSource = (path: string): string | null => {
      read.push(path);
      return files[path] ?? null;
    };
    const { diagnostics } = compile({ entry: "a/b/main.exp", readSource, signatures, environment: {}, settings: {} });
    expect(read).toEqual(["a/b/main.exp", "a/b/x.exp", "a/c/y.exp"]);
    expect(diagnostics.map(({ code }) => code)).toEqual(["E105"]);
  });

  test("a missing entry is a diagnostic", () => {
    const result = compile({
      ...{ entry: "no.exp", readSource: () => null, signatures, environment: {}, settings: {} },
    });
    expect(result.graph).toBeNull();
    expect(result.diagnostics.map(({ code }) => code)).toEqual(["E102"]);
  });
});

describe("hostile programs", () => {
  test("a chain of declarations that is far too long is refused, not followed", () => {
    const chain = Array.from({ length: 3000 }, (_, index) => `head c${String(index)} = c${String(index + 1)} {}`);
    const { diagnostics } = compileText(`exp 1\n${chain.join("\n")}\nhead c3000 = knn {}\n`);
    expect(diagnostics.map(({ code }) => code)).toContain("E122");
  });

  test("more mistakes than are shown end in a count; more warnings do not make an error", () => {
    const heads = (field: string): string =>
      Array.from({ length: 150 }, (_, index) => `head n${String(index)} = knn { ${field} }`).join("\n");
    const wrong = compileText(`${declarations}${every}${heads("k: 0")}\n`);
    expect(wrong.diagnostics).toHaveLength(100);
    expect(wrong.diagnostics.at(-1)?.message).toContain("51 more");
    const unused = compileText(`${declarations}${every}${heads("k: 1")}\n`);
    expect(unused.diagnostics).toHaveLength(100);
    expect(unused.graph).not.toBeNull();
  });
});

describe("wiring", () => {
  const result = (extra: readonly OpSignature[]): readonly string[] => {
    const readSource = (): string => `${declarations}${every}`;
    const options = { entry: "p.exp", readSource, environment: {}, settings: {} };
    return compile({ ...options, signatures: [...signatures, ...extra] }).diagnostics.map(
      ({ code, message }) => `${code} ${message}`,
    );
  };
  const companion = (name: string, input: string, output: string): OpSignature => ({
    ...{ name, version: 1, summary: name, use: "companion", role: "head", params: {}, output },
    inputs: { input: { kind: input, summary: input } },
  });

  test("two companions that make the same kind cannot be told apart", () => {
    expect(result([companion("predict_again", "classifier", "predictions")])).toEqual([
      "E203 `accuracy` needs predictions, which `predict` and `predict_again` both make; which one is meant cannot be told",
    ]);
  });

  test("a companion whose own input nothing makes is no candidate, nor is one of a circle", () => {
    expect(result([companion("from_nothing", "nothing", "predictions")])).toEqual([]);
    expect(result([companion("there", "here", "predictions"), companion("back", "predictions", "here")])).toEqual([]);
  });

  test("a parameter of two ops under one name takes a value that is right for both", () => {
    const calibrate: OpSignature = {
      ...companion("calibrate", "predictions", "calibration"),
      params: { k: { type: "integer", max: 6, default: 1, summary: "bins" } },
    };
    expect(result([calibrate])).toEqual(["E127 `k` must be at most 6, found 7"]);
    const file: OpSignature = { ...calibrate, params: { k: { type: "string", default: "", summary: "a word" } } };
    expect(result([file])).toEqual(["E126 `k` must be a string in quotes, found the number 7"]);
  });
});

describe("a rank", () => {
  const isFromLowest = (cell: string): unknown => {
    const table = `table "Ranks" { from: every  rows: backbone, head  columns: dataset  cells: ${cell} }`;
    const [ranks] = graphOf(`${declarations}${every}${table}\n`).tables.slice(1);
    const [value] = new Set(ranks?.cells.map(({ value: each }) => each.kind === "apply" && each.lowerIsBetter));
    return value;
  };

  test("begins with the lowest where that is the best", () => {
    expect(isFromLowest("rank(test.loss)")).toBe(true);
    expect(isFromLowest("rank(max(test.loss, val.loss))")).toBe(true);
  });

  test("begins with the highest elsewhere, also where neither is the better", () => {
    expect(isFromLowest("rank(test.auroc)")).toBeUndefined();
    expect(isFromLowest("rank(mean(test.auroc, test.loss))")).toBeUndefined();
    expect(isFromLowest("rank(difference(test.loss, val.loss))")).toBeUndefined();
    expect(isFromLowest("max(test.loss, val.loss)")).toBeUndefined();
  });
});
