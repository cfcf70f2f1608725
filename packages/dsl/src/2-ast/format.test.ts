import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatProgram } from "./format.ts";
import { parse } from "./parse.ts";

const kitchenSink = readFileSync(new URL("../../samples/kitchen-sink.exp", import.meta.url), "utf8");

describe("formatProgram", () => {
  const cases: readonly (readonly [what: string, from: string, to: string])[] = [
    [
      "indents by two spaces",
      "sweep s {\n      a: 1\nb { \n c: 2 }\n }",
      "sweep s {\n  a: 1\n  b {\n    c: 2\n  }\n}\n",
    ],
    ["keeps a short block on its line", "head a=knn{k:20,m:[1,2]}", "head a = knn { k: 20, m: [1, 2] }\n"],
    [
      "puts commas between fields only",
      "sweep s { a: 1 b: x search { } c: 2, }",
      "sweep s { a: 1, b: x search {} c: 2 }\n",
    ],
    ["keeps one blank line at most", "exp 1\n\n\n\nparam a = 1\nparam b = 2", "exp 1\n\nparam a = 1\nparam b = 2\n"],
    ["drops blank lines inside braces", "sweep s {\n\n a: 1\n\n\n b: 2\n\n}", "sweep s {\n  a: 1\n\n  b: 2\n}\n"],
    ["joins values that fit", "sweep s {\n a: x,\n  y\n}", "sweep s {\n  a: x, y\n}\n"],
    [
      "keeps the rows of a list that was written over several lines",
      "param a = [1, 2,\n 3, 4]",
      "param a = [\n  1, 2,\n  3, 4,\n]\n",
    ],
    [
      "writes numbers and strings as they were",
      'param a = f(1e-3, 0.50, "\\$ \\n")',
      'param a = f(1e-3, 0.50, "\\$ \\n")\n',
    ],
    ["writes line ends as \\n", "exp 1\r\n// a\r\nparam a = 1\r\n", "exp 1\n// a\nparam a = 1\n"],
    ["leaves nothing of an empty file", " \n\n", ""],
  ];
  it.each(cases)("%s", (_, from, to) => {
    expect(formatProgram({ path: "a.exp", text: from }).text).toBe(to);
  });

  it("keeps comments of every kind where they stood", () => {
    const text = `// top

exp 1 // edition
sweep s { // open
    // own line
  a: [ // in a list
    1, // one

    // last
  ]
  b: x, // value
    y // after
  c: 2 // no entry follows
  // before the brace
} // closed

// end`;
    expect(formatProgram({ path: "a.exp", text }).text).toBe(`// top

exp 1 // edition
sweep s { // open
  // own line
  a: [ // in a list
    1, // one

    // last
  ]
  b: x, // value
    y // after
  c: 2 // no entry follows
  // before the brace
} // closed

// end
`);
  });

  it("breaks what does not fit in 100 columns, the outermost brackets first", () => {
    const names = Array.from({ length: 12 }, (_, index) => `backbone_${index}`).join(", ");
    const text = `sweep s { a: 1, b: [${names}] }\nsweep t { a: [1], bb: [1, 2], ${"c: 1, ".repeat(13)}d: 1 }\n`;
    const formatted = formatProgram({ path: "a.exp", text }).text ?? "";
    expect(formatted).toContain("sweep s {\n  a: 1\n  b: [\n    backbone_0, backbone_1,");
    expect(formatted).toContain("sweep t {\n  a: [1]\n  bb: [1, 2]\n");
    expect(Math.max(...formatted.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("formats nothing that has errors", () => {
    const { text, diagnostics } = formatProgram({ path: "a.exp", text: "exp 1\nparam x = [1 2]" });
    expect(text).toBeNull();
    expect(diagnostics.map(({ code }) => code)).toEqual(["E035"]);
  });
});

describe("formatting any layout of a program", () => {
  it("is done after one time, and keeps the meaning and every comment", () => {
    const pieces = splitIntoTokens(kitchenSink);
    const meaning = meaningOf(kitchenSink);
    fc.assert(
      fc.property(fc.array(gap, { minLength: pieces.length, maxLength: pieces.length }), (gaps) => {
        const text = pieces.map((piece, index) => piece + (gaps[index] ?? " ")).join("");
        expect(parse({ path: "a.exp", text }).diagnostics).toEqual([]);
        expect(meaningOf(text)).toEqual(meaning);
        expectStable(text);
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it("holds for values of any shape and width", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, gap), { minLength: 1, maxLength: 6 }), (values) => {
        const text = values.map(([written, space], index) => `param p${index} = ${written}${space}\n`).join("");
        expectStable(`exp 1\n${text}`);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

/** What may stand between two tokens. */
const gap = fc.oneof(
  { weight: 12, arbitrary: fc.constant(" ") },
  { weight: 2, arbitrary: fc.constantFrom("\n", "\n\n\n", "\r\n", "\t", "\n    ") },
  { weight: 1, arbitrary: fc.constantFrom(" // note\n", "\n// own\n", '\n\n  // a\n\n// b { [ " \n\n', " //\n") },
);

const { value } = fc.letrec<{ value: string; block: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom("1", "1e-3", "0..4", "true", "null", "a.b", "max val.auroc", "max per column", "train + val"),
    fc.constantFrom('"text ${name}"', '"\\"${a}\\""', "a_rather_long_name_of_a_backbone_or_another_thing"),
    fc
      .tuple(gap, fc.array(tie("value"), { maxLength: 8 }), fc.constantFrom(",", ", ", ",\n", ", // note\n"))
      .map(([space, items, comma]) => `[${space}${items.join(comma)}]`),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `call(${items.join(", ")})`),
    fc.tuple(gap, tie("block")).map(([space, block]) => `name${space}${block}`),
    tie("block"),
  ),
  block: fc.tuple(gap, fc.array(fc.tuple(tie("value"), gap), { maxLength: 4 })).map(([space, fields]) => {
    const entries = fields.map(([written, after], index) => `${key(index)} ${written}${after}`);
    return `{${space}${entries.join(" ")}}`;
  }),
}));

function key(index: number): string {
  return ["a:", '"b c":', "search {} d.e:", "where { a: 1 } { b: 2 } except {} f: x,"][index] ?? "g:";
}

function expectStable(text: string): void {
  const once = formatProgram({ path: "a.exp", text }).text;
  if (once === null) throw new Error(`not a valid program: ${text}`);
  expect(formatProgram({ path: "a.exp", text: once }).text).toBe(once);
  expect(meaningOf(once)).toEqual(meaningOf(text));
  expect(commentsOf(once)).toEqual(commentsOf(text));
  expect(once).not.toMatch(/[ \t]\n|\n\n\n|\r/);
}

function meaningOf(text: string): unknown {
  const { ast } = parse({ path: "a.exp", text });
  return JSON.parse(JSON.stringify(ast, (name, node: unknown) => (name === "span" ? undefined : node)));
}

function commentsOf(text: string): readonly string[] {
  return splitIntoPieces(text)
    .filter((piece) => piece.startsWith("//"))
    .map((piece) => piece.trimEnd());
}

function splitIntoTokens(text: string): readonly string[] {
  return splitIntoPieces(text).filter((piece) => !piece.startsWith("//"));
}

/** Words, strings, punctuation and comments, by a rule of its own: it shares nothing with the lexer. */
function splitIntoPieces(text: string): readonly string[] {
  return text.match(/\/\/[^\r\n]*|"(?:[^"\\]|\\.)*"|[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?|\w+|\.\.|[^\s\w]/g) ?? [];
}
