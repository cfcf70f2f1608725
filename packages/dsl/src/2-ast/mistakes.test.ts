import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { lineColumnAt } from "../text/line-column.ts";
import { parse } from "./parse.ts";

/** Each case: a program after `exp 1`, and what is said of it: code, the exact text it points at, message, hint. */
type Case = readonly [text: string, code: string, at: string, message: RegExp, hint: RegExp];

const words: readonly Case[] = [
  ["param x = 1;", "E005", ";", /means nothing/, /leave it out/],
  ["param x = “a b”", "E010", "“a b”", /straight double quotes/, /`"a b"`/],
  ["# note\nparam x = 1", "E006", "# note", /`#` begins no comment/, /`\/\/`/],
  ["param x = 1 -- note", "E006", "-- note", /`--` begins no comment/, /`\/\/`/],
  ["/* a\n b */ param x = 1", "E006", "/* a\n b */", /`\/\*`/, /`\/\/`/],
  ["param x = 1e", "E007", "1e", /not a number/, /exponent needs digits/],
  ["param x = .5", "E007", ".5", /not a number/, /`0\.5`/],
  ["param x = 5.", "E007", "5.", /not a number/, /`5`/],
  ["param x = 1_000", "E007", "1_000", /not a number/, /`1000`/],
  ["param x = 20px", "E007", "20px", /not a number/, /without a unit/],
  ["param x = 1e999", "E008", "1e999", /too large/, /9007199254740991/],
  ["param x = 9007199254740993", "E008", "9007199254740993", /too large/, /9007199254740991/],
  ["head lin-probe = knn {}", "E009", "lin-probe", /not a name/, /`lin_probe`/],
  ["param naïve = 1", "E009", "naïve", /not a name/, /`naive`/],
  ["param x = 'a'", "E010", "'a'", /straight double quotes/, /`"a"`/],
  ['param x = "a\nparam y = 1', "E011", '"a', /no closing quote/, /closing `"`/],
  [String.raw`param x = "C:\data"`, "E012", String.raw`\d`, /means nothing inside a string/, /`\\\\`/],
  ['param x = "${a b}"', "E013", "${a b}", /not the name of a parameter/, /`\$\{name\}`/],
  ['param x = "${a"', "E013", "${a", /not the name of a parameter/, /`\\\$`/],
];

const brackets: readonly Case[] = [
  ["head a = knn { k: 20\nsweep b { }", "E014", "sweep", /expected `}` before `sweep`/, /missing `}`/],
  ["head a = knn { k: [1, 2 ", "E014", "", /before the end of the file/, /missing `]}`/],
  ["sweep a {\n  b: [1, 2\n  c: 3\n}", "E014", "c", /expected `]` before `c`/, /missing `]`/],
  ["sweep a {\n  b: [1, 2}\n  c: 3\n}", "E015", "}", /`\[` is closed by `]`/, /write `]`/],
  ["sweep a { b: 1 } }", "E016", "}", /closes nothing/, /delete it/],
];

const declarations: readonly Case[] = [
  ["head a = knn { } k: 20", "E020", "k", /outside any block/, /`}` too many/],
  ["= 3", "E020", "=", /expected a declaration, found `=`/, /begin with `param`/],
  ["backbon x = vit { }", "E021", "backbon", /no kind of declaration/, /did you mean `backbone`/],
  ['tabel "x" { }', "E021", "tabel", /no kind of declaration/, /did you mean `table`/],
  ["head = knn { }", "E022", "head", /has no name/, /`head name = \.\.\.`/],
  ['dataset "pneumonia mnist" = medmnist { }', "E022", '"pneumonia mnist"', /without quotes/, /`pneumonia_mnist`/],
  ["sweep { seed: 1 }", "E022", "sweep", /has no name/, /`sweep name \{/],
  ["dataset nih: medmnist { }", "E023", ":", /expected `=` after `dataset nih`, found `:`/, /`dataset nih = \.\.\.`/],
  ["dataset nih medmnist { }", "E023", "medmnist", /expected `=` after `dataset nih`, found `medmnist`/, /=/],
  ["param x =\nparam y = 1", "E024", "=", /expected a value after `param x =`/, /plain value/],
  ["sweep s = { seed: 1 }", "E025", "=", /takes no `=`/, /`sweep name \{/],
  ["table frozen { from: a }", "E026", "frozen", /title of the table as a string, found `frozen`/, /table "frozen"/],
  ["import lib", "E027", "lib", /as a string, found `lib`/, /import "path/],
  ["param x = 1\nexp 1", "E028", "exp 1", /once, before everything else/, /first line/],
  ["sweep s", "E030", "", /expected `\{` after `sweep s`/, /`sweep s \{/],
];

const entries: readonly Case[] = [
  ["sweep s { where { a: 1 } b: 2 }", "E030", "", /expected `\{` after `where/, /where \{ \.\.\. } \{/],
  ["sweep s { seed = 1 }", "E031", "=", /expected `:` after `seed`, found `=`/, /`seed: \.\.\.`/],
  ["sweep s { seed 1 }", "E032", "1", /expected `:` after `seed`, found the number `1`/, /`seed: 1`/],
  ['sweep s { "seed" { } }', "E032", "", /expected `:` after `seed`, found `\{`/, /`seed: \{/],
  ["sweep s { a: b: 1 }", "E033", ":", /`a` has no value: found `b` after it/, /`a: value`/],
  ["sweep s { a: }", "E033", ":", /`a` has no value: found `}`/, /delete it/],
  ["sweep s { a: 1 2 }", "E034", "2", /expected an entry.*found the number `2`/, /separated by commas/],
  ["sweep s { a: [1 2] }", "E035", "2", /expected `,` before the number `2`/, /`\[1, 2, 3\]`/],
  ["sweep s { a: [1,, 2] }", "E036", ",", /nothing stands before/, /delete the comma/],
  ["sweep s { a: 1,, b: 2 }", "E036", ",", /nothing stands before/, /delete the comma/],
  ["sweep s { a: [: 1] }", "E037", ":", /expected a value, found `:`/, /lists/],
  ["sweep s { a: test. }", "E038", "", /expected a name after `test\.`/, /`test\.auroc`/],
  ["sweep s { a: 0.. }", "E039", "0..", /whole number at both ends/, /`0\.\.4`/],
  ["sweep s { a: 0.1..0.5 }", "E039", "0.1..0.5", /whole number at both ends/, /list the values/],
  ["sweep s { a: True }", "E040", "True", /`True` is written `true`/, /`true`/],
  ["sweep s { a: None }", "E040", "None", /`None` is written `null`/, /`null`/],
  ["sweep s { a: b.c { } }", "E041", "b.c", /has a dot/, /with a colon/],
  ["sweep s { a: train + }", "E042", "+", /expected a name after `\+`/, /`train \+ val`/],
  ['sweep s { "a${x}": 1 }', "E043", '"a${x}"', /fixed text/, /text itself/],
  ["sweep s {\n  a: 1\n  loose\n  b: 2\n}", "E044", "loose", /stands alone/, /`loose: value`/],
];

describe.each([
  ["words", words],
  ["brackets", brackets],
  ["declarations", declarations],
  ["entries", entries],
] as const)("mistakes in %s", (_, cases) => {
  it.each(cases)("explains %s", (text, code, at, message, hint) => {
    const found = errorsOf(`exp 1\n${text}`);
    expect(found.map((diagnostic) => diagnostic.code)).toEqual([code]);
    const [diagnostic] = found;
    expect(textAt(`exp 1\n${text}`, diagnostic)).toBe(at);
    expect(diagnostic?.message).toMatch(message);
    expect(diagnostic?.hint).toMatch(hint);
  });
});

describe("recovery", () => {
  it("reports several independent mistakes, each on its own token", () => {
    const text = `exp 1
backbon resnet = resnet152 { }
head probe = linear {
  epochs = 100
  lr 0.1
  betas: [1 2]
  flag: True
}
sweep frozen {
  seed: 0..
  a: train +
  b: 1
  c: test.
`;
    const places = errorsOf(text).map(
      ({ code, span }) => `${code} ${lineColumnAt({ path: "", text }, span.start).line}`,
    );
    expect(places).toEqual([
      "E021 2",
      "E031 4",
      "E032 5",
      "E035 6",
      "E040 7",
      "E039 10",
      "E042 11",

      "E014 13",
      "E038 13",
    ]);
  });

  it("reads the declarations around a broken one", () => {
    const text =
      "exp 1\nhead a = knn { k: 1 }\nhead b = knn { k: [1, { x: 2\nhead c = knn { k: 3 }\n) ] }\nsweep s { a: 1 }";
    const { ast } = parse({ path: "a.exp", text });
    const names = ast.declarations.map((node) => ("name" in node ? node.name.text : node.kind));
    expect(names).toEqual(["a", "b", "c", "s"]);
  });

  it("points at the bracket that was never closed, going by indentation where blocks are nested", () => {
    const text = "exp 1\nsweep a {\n  search {\n    b: 1\n\n  c: 2\n}\nsweep d { e: 1 }\n";
    const [diagnostic] = errorsOf(text);
    expect(diagnostic?.code).toBe("E014");
    expect(diagnostic?.related?.map(({ span }) => lineColumnAt({ path: "", text }, span.start).line)).toEqual([3]);
  });

  it("points at the opening bracket of a wrong closer", () => {
    const text = "exp 1\nsweep a {\n  b: [1, 2}\n}";
    expect(errorsOf(text)[0]?.related?.map((place) => text[place.span.start])).toEqual(["["]);
  });
});

describe("limits", () => {
  it("stops at 64 nested brackets with one message", () => {
    expect(errorsOf("[".repeat(2048)).map(({ code }) => code)).toEqual(["E002"]);
    const nested = (depth: number): string => `exp 1\nparam x = ${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(errorsOf(nested(64))).toEqual([]);
    expect(errorsOf(nested(65)).map(({ code }) => code)).toEqual(["E002"]);
  });

  it("reads programs up to 4 MB", () => {
    const note = `// ${"x".repeat(1020)}\n`;
    const text = `exp 1\n${note.repeat(4095)}`;
    expect(errorsOf(text)).toEqual([]);
    const [tooLong, ...others] = errorsOf(text + note.repeat(2));
    expect(tooLong).toMatchObject({ code: "E001", severity: "error" });
    expect(others).toEqual([]);
  });

  it("gives 100 diagnostics at most, the last of them with the number of the others", () => {
    const found = errorsOf(`exp 1\n${"param x = 1e\n".repeat(250)}`);
    expect(found).toHaveLength(100);
    expect(found.at(-1)).toMatchObject({ code: "E003", message: "151 more mistakes from here on are not shown" });
  });

  it.each(["\u0000", "\u001b", "\u202e", "\u2066", "\u200b"])(
    "reports the invisible character %j wherever it stands",
    (character) => {
      for (const text of [`exp 1${character}`, `exp 1 // a${character}`, `exp 1\nparam x = "a${character}"`]) {
        const [diagnostic, ...others] = errorsOf(text);
        expect(diagnostic).toMatchObject({ code: "E004", span: { start: text.indexOf(character) } });
        expect(diagnostic?.message).not.toContain(character);
        expect(others).toEqual([]);
      }
    },
  );
});

function errorsOf(text: string): readonly Diagnostic[] {
  return parse({ path: "a.exp", text }).diagnostics.filter(({ severity }) => severity === "error");
}

function textAt(text: string, diagnostic: Diagnostic | undefined): string | undefined {
  return diagnostic === undefined ? undefined : text.slice(diagnostic.span.start, diagnostic.span.end);
}
