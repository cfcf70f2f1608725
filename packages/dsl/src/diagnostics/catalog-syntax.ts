import type { Span } from "../text/source.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { nearestNames } from "./did-you-mean.ts";
import { quote } from "./quote.ts";

/*
 * Diagnostics of how words stand together. E020 to E049. `found` is always a finished phrase, e.g. "the number `20`".
 */

export function notADeclaration(span: Span, found: string, isField: boolean): Diagnostic {
  if (isField) {
    return error("E020", span, `expected a declaration, found the field ${found} outside any block`, {
      hint: "fields belong between the braces of a declaration: is there a `}` too many above?",
    });
  }
  return error("E020", span, `expected a declaration, found ${found}`, { hint: hintForDeclarations });
}

const declarationWords = [
  "param",
  "dataset",
  "backbone",
  "head",
  "tune",
  "model",
  "figure",
  "sweep",
  "table",
  "import",
];
const hintForDeclarations = `declarations begin with ${declarationWords.map((word) => `\`${word}\``).join(", ")}`;

export function unknownDeclarationKind(span: Span, word: string): Diagnostic {
  const nearest = nearestNames(word, declarationWords)[0];
  return error("E021", span, `${quote(word)} is no kind of declaration`, {
    hint: nearest === undefined ? hintForDeclarations : `did you mean \`${nearest}\`?`,
  });
}

export function missingDeclarationName(span: Span, kind: string, quoted: string | null): Diagnostic {
  if (quoted !== null) {
    return error("E022", span, `the name of a ${kind} is written without quotes`, {
      hint: `write a bare word such as \`${quoted}\``,
    });
  }
  const shape = kind === "sweep" ? "sweep name { ... }" : `${kind} name = ...`;
  return error("E022", span, `this ${kind} has no name`, { hint: `write \`${shape}\`` });
}

export function equalsExpected(span: Span, declaration: string, found: string): Diagnostic {
  return error("E023", span, `expected \`=\` after ${quote(declaration)}, found ${found}`, {
    hint: `write ${quote(`${declaration} = ...`)}`,
  });
}

export function missingDeclarationValue(span: Span, declaration: string): Diagnostic {
  return error("E024", span, `expected a value after ${quote(`${declaration} =`)}`, {
    hint: "write a constructor with its settings, as in `knn { k: 20 }`, a name, or a plain value",
  });
}

export function equalsBeforeBlock(span: Span, kind: string): Diagnostic {
  return error("E025", span, `a ${kind} takes no \`=\` before its block`, {
    hint: kind === "sweep" ? "write `sweep name { ... }`" : 'write `table "title" { ... }`',
  });
}

export function tableTitleExpected(span: Span, name: string | null): Diagnostic {
  const found = name === null ? "none" : quote(name);
  return error("E026", span, `expected the title of the table as a string, found ${found}`, {
    hint: `write ${quote(`table "${name ?? "title"}" { ... }`)}`,
  });
}

export function importFileExpected(span: Span, found: string): Diagnostic {
  return error("E027", span, `expected the file to import as a string, found ${found}`, {
    hint: 'write `import "path/to/file.exp"`, relative to this file',
  });
}

export function editionMisplaced(span: Span): Diagnostic {
  return error("E028", span, "the edition is given once, before everything else", {
    hint: "move it to the first line, or delete it",
  });
}

export function editionMalformed(span: Span, text: string): Diagnostic {
  return error("E029", span, `an edition is a whole number, not ${quote(text)}`, { hint: "write `exp 1`" });
}

export function blockExpected(span: Span, after: string, found: string): Diagnostic {
  return error("E030", span, `expected \`{\` after ${quote(after)}, found ${found}`, {
    hint: `write ${quote(`${after} { ... }`)}`,
  });
}

export function colonExpectedForEquals(span: Span, key: string): Diagnostic {
  return error("E031", span, `expected \`:\` after ${quote(key)}, found \`=\``, {
    hint: `inside a block write ${quote(`${key}: ...`)}; \`=\` belongs to declarations`,
  });
}

/** `value`: the text that seems to be the value. */
export function colonExpected(
  span: Span,
  key: string,
  value: { readonly found: string; readonly text: string },
): Diagnostic {
  return error("E032", span, `expected \`:\` after ${quote(key)}, found ${value.found}`, {
    hint: `write ${quote(`${key}: ${value.text}`)}`,
  });
}

export function missingValue(span: Span, key: string, found: string): Diagnostic {
  return error("E033", span, `${quote(key)} has no value: found ${found} after it`, {
    hint: `write ${quote(`${key}: value`)}, or delete it`,
  });
}

export function notAnEntry(span: Span, found: string): Diagnostic {
  return error("E034", span, `expected an entry such as \`name: value\`, found ${found}`, {
    hint: "keys are names or strings with a `:` after them; more values of one key are separated by commas",
  });
}

export function missingComma(span: Span, found: string): Diagnostic {
  return error("E035", span, `expected \`,\` before ${found}`, { hint: "separate the values by commas: `[1, 2, 3]`" });
}

export function extraComma(span: Span): Diagnostic {
  return error("E036", span, "nothing stands before this `,`", { hint: "delete the comma, or write what is missing" });
}

export function notAValue(span: Span, found: string): Diagnostic {
  return error("E037", span, `expected a value, found ${found}`, {
    hint: 'values are numbers, "strings", names, lists `[1, 2]`, ranges `0..4` or constructors `name { ... }`',
  });
}

export function missingNamePart(span: Span, path: string): Diagnostic {
  return error("E038", span, `expected a name after ${quote(`${path}.`)}`, {
    hint: "write it as in `test.auroc`, or delete the `.`",
  });
}

export function malformedRange(span: Span): Diagnostic {
  return error("E039", span, "a range has a whole number at both ends", {
    hint: "write `0..4`, or list the values: `[0.1, 0.2]`",
  });
}

export function foreignWord(span: Span, word: string, ours: string): Diagnostic {
  return error("E040", span, `${quote(word)} is written \`${ours}\` here`, { hint: `write \`${ours}\`` });
}

export function dottedConstructor(span: Span, path: string): Diagnostic {
  return error("E041", span, `${quote(path)} has a dot in it: only a single name may stand before a bracket`, {
    hint: "a setting of another part is written with a colon: `head.k: 20`",
  });
}

export function missingTerm(span: Span, found: string): Diagnostic {
  return error("E042", span, `expected a name after \`+\`, found ${found}`, { hint: "write it as in `train + val`" });
}

export function interpolatedKey(span: Span): Diagnostic {
  return error("E043", span, "a key is fixed text: `${}` cannot stand in it", { hint: "write the text itself" });
}

export function loneWord(span: Span, word: string, found: string): Diagnostic {
  return error("E044", span, `${quote(word)} stands alone: expected \`:\` and a value after it, found ${found}`, {
    hint: `write ${quote(`${word}: value`)}, or \`,\` before it where it is another value of the field above`,
  });
}

/** For what none of the others foresaw. */
export function notUnderstood(span: Span, text: string): Diagnostic {
  return error("E049", span, text === "" ? "the file ends too early" : `${quote(text)} cannot stand here`, {
    hint: "compare with a similar declaration; the mistake may be just before this place",
  });
}

/** Codes that say no more than "not here": on a line with another mistake they are its echo. */
export const echoCodes: ReadonlySet<string> = new Set(["E020", "E034", "E037", "E044", "E049"]);

function error(code: string, span: Span, message: string, more: Pick<Diagnostic, "hint">): Diagnostic {
  return { code, severity: "error", message, span, ...more };
}
