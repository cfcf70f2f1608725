import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { BlockNode, EntryNode, ValueNode } from "./ast.ts";
import { flatValue } from "./format-flat.ts";
import { parse } from "./parse.ts";

const kitchenSink = readFileSync(new URL("../../samples/kitchen-sink.exp", import.meta.url), "utf8");

describe("parse", () => {
  it("reads every construct of the language without a word of complaint", () => {
    const { ast, diagnostics } = parse({ path: "sink.exp", text: kitchenSink });
    expect(diagnostics).toEqual([]);
    expect(ast.edition?.number).toBe(1);
    expect(ast.declarations.map(({ kind }) => kind)).toEqual([
      ...["import", ...Array.from({ length: 15 }, () => "named")],
      ...["sweep", "sweep", "table"],
    ]);
  });

  it("gives plain data", () => {
    const { ast } = parse({ path: "sink.exp", text: kitchenSink });
    expect(JSON.parse(JSON.stringify(ast))).toEqual(ast);
  });

  it("gives every node the span of its own text", () => {
    const text = "exp 1\nhead probe = linear { a.b: [1, x { k: 20 }], c: max val.auroc }";
    const { ast } = parse({ path: "a.exp", text });
    const spans: string[] = [];
    JSON.stringify(ast, (key, value: { start: number; end: number }) => {
      if (key === "span") spans.push(text.slice(value.start, value.end));
      return value;
    });
    expect(spans).toEqual([
      ...["exp 1", "probe", "linear", "a", "b", "a.b", "1", "x", "k", "k", "20", "k: 20", "{ k: 20 }", "x { k: 20 }"],
      ...["[1, x { k: 20 }]", "a.b: [1, x { k: 20 }]", "c", "c", "max", "val", "auroc", "val.auroc", "max val.auroc"],
      ...["c: max val.auroc", "{ a.b: [1, x { k: 20 }], c: max val.auroc }"],
      ...["linear { a.b: [1, x { k: 20 }], c: max val.auroc }", text.slice(6)],
    ]);
  });
});

describe("a block", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["backbone: resnet, head: neighbours", ["field backbone: resnet", "field head: neighbours"]],
    ["rows: backbone, head  columns: dataset", ["field rows: backbone | head", "field columns: dataset"]],
    ["rows: a, b.c: 1", ["field rows: a", "field b.c: 1"]],
    ["rows: a, b { c: 1 }", ["field rows: a | b { c: 1 }"]],
    ["rows: a b { c: 1 }", ["field rows: a", "section b"]],
    ["rows: a, where { } { }", ["field rows: a", "where"]],
    ["rows: a, except { }, except { }", ["field rows: a", "except", "except"]],
    ["where: 1, except: 2", ["field where: 1", "field except: 2"]],
    ["select: max refit: train + val", ["field select: max", "field refit: train + val"]],
    ["select: max val.auroc search { }", ["field select: max val.auroc", "section search"]],
    ["select: max search { }", ["field select: max", "section search"]],
    ["select: max search.k: 1", ["field select: max", "field search.k: 1"]],
    ["best: max per column per: 1", ["field best: max per column", "field per: 1"]],
    ["best: min test.loss per row", ["field best: min test.loss per row"]],
    ["best: max per: 1", ["field best: max", "field per: 1"]],
    ["best: max(a, b)", ["field best: max(a, b)"]],
    ['a: 1 "b c": 2, "d": 3', ["field a: 1", 'field "b c": 2', 'field "d": 3']],
    ["a: 0..4 b: -2..+2", ["field a: 0..4", "field b: -2..+2"]],
    ["a: dataset.shots, head.k: 2", ["field a: dataset.shots", "field head.k: 2"]],
  ];
  it.each(cases)("reads %s", (text, expected) => {
    const { ast, diagnostics } = parse({ path: "a.exp", text: `exp 1\nsweep s { ${text} }` });
    expect(diagnostics).toEqual([]);
    const [sweep] = ast.declarations;
    expect(sweep?.kind === "sweep" ? sweep.block.entries.map(showEntry) : null).toEqual(expected);
  });
});

describe("a value", () => {
  it("keeps a number as it was written, beside what it is", () => {
    expect(readValue("1e-3")).toMatchObject({ kind: "number", value: 0.001, text: "1e-3" });
    expect(readValue("-2.50")).toMatchObject({ kind: "number", value: -2.5, text: "-2.50" });
  });

  it("resolves escapes and finds the names in a string", () => {
    expect(readValue(String.raw`"a \"b\" \\ \n\t \${x} $5 ${"${data}"}/${"${ other }"}"`)).toMatchObject({
      kind: "string",
      parts: [
        { kind: "text", text: 'a "b" \\ \n\t ${x} $5 ' },
        { kind: "name", name: { text: "data" } },
        { kind: "text", text: "/" },
        { kind: "name", name: { text: "other" } },
      ],
    });
  });

  it("reads nested lists, calls and constructs", () => {
    expect(flatValue(readValue("[[1], f(x, [2]), g { a: { } }, true, null,]"))).toBe(
      "[[1], f(x, [2]), g { a: {} }, true, null]",
    );
  });
});

describe("a name", () => {
  const words = ["exp", "import", "param", "dataset", "backbone", "head", "tune", "model", "figure", "sweep", "table"];
  it.each([...words, "where", "except", "search", "over", "per", "max", "min"])("may be `%s`", (word) => {
    const text = `exp 1\nparam ${word} = ${word}\nhead ${word} = ${word} { ${word}: ${word}, x.${word}: a.${word} }`;
    const { ast, diagnostics } = parse({ path: "a.exp", text });
    expect(diagnostics).toEqual([]);
    expect(ast.declarations).toMatchObject([
      { declares: "param", name: { text: word }, value: { kind: "reference" } },
      { declares: "head", name: { text: word }, value: { kind: "construct", name: { text: word } } },
    ]);
  });
});

describe("an edition", () => {
  it("is null where it is missing, and never invented", () => {
    const { ast, diagnostics } = parse({ path: "a.exp", text: "param x = 1" });
    expect(ast.edition).toBeNull();
    expect(diagnostics).toEqual([]);
  });
});

function readValue(text: string): ValueNode {
  const { ast, diagnostics } = parse({ path: "a.exp", text: `exp 1\nparam x = ${text}` });
  expect(diagnostics).toEqual([]);
  const [declaration] = ast.declarations;
  if (declaration?.kind !== "named") throw new Error("the parameter was not read");
  return declaration.value;
}

function showEntry(entry: EntryNode): string {
  if (entry.kind === "section") return `section ${entry.name.text}`;
  if (entry.kind !== "field") return entry.kind;
  const block: BlockNode = { kind: "block", entries: [{ ...entry, values: [] }], span: entry.span };
  const key = flatValue(block).slice(2, -3).trimEnd();
  return `field ${key} ${entry.values.map(flatValue).join(" | ")}`;
}
