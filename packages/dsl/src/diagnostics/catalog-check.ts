import type { Role } from "../signature/signature.ts";
import type { Span } from "../text/source.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { makeDiagnostic } from "./make-diagnostic.ts";
import { groupDigits, hintForName, listWords } from "./wording.ts";

// What can be wrong with editions, imports, names, params and declarations (E100 to E150, W100). One function each.

/** A word of the program and the words that it could have been. */
export interface UnknownWord {
  readonly span: Span;
  readonly word: string;
  readonly known: readonly string[];
}

export const missingEdition = (span: Span): Diagnostic =>
  makeDiagnostic("E100", {
    span,
    message: "the program does not say which edition of the language it is written in",
    hint: "write `exp 1` as the first line",
  });

export const newerEdition = (span: Span, edition: number): Diagnostic =>
  makeDiagnostic("E101", {
    span,
    message: `the program is written in edition ${String(edition)}, and this version knows edition 1 only`,
    hint: edition > 1 ? "update the tool to run this program" : "write `exp 1`",
  });

export const missingEntry = (span: Span): Diagnostic =>
  makeDiagnostic("E102", { span, message: `there is no file \`${span.path}\``, hint: "check the path" });

export const missingImport = (span: Span, path: string): Diagnostic =>
  makeDiagnostic("E103", {
    span,
    message: `there is no file \`${path}\` to import`,
    hint: "an import's path is relative to the file that it is written in",
  });

export const importCycle = (span: Span, chain: readonly string[]): Diagnostic =>
  makeDiagnostic("E104", {
    span,
    message: `files import each other in a circle: ${chain.join(" -> ")}`,
    hint: "move what both need into a file of its own",
  });

export const importOutside = (span: Span, path: string, root: string): Diagnostic =>
  makeDiagnostic("E105", {
    span,
    message: `\`${path}\` lies outside \`${root}\`, the folder above the program's own, and may not be imported`,
    hint: "put shared files beside the program's folder or inside it",
  });

export const interpolatedImport = (span: Span): Diagnostic =>
  makeDiagnostic("E106", {
    span,
    message: "the path of an import is fixed text; it cannot hold `${}`",
    hint: "write the path out",
  });

export const duplicateName = (span: Span, name: string, first: Span): Diagnostic =>
  makeDiagnostic("E110", {
    span,
    message: `\`${name}\` is declared twice`,
    hint: "a program and its imports share one set of names; rename one of the two",
    related: [{ span: first, message: "first declared here" }],
  });

export const nameOfConstructor = (span: Span, name: string, role: Role): Diagnostic =>
  makeDiagnostic("E111", {
    span,
    message: `\`${name}\` is the name of a ${role} constructor and cannot be declared again`,
    hint: `choose another name, e.g. \`my_${name}\``,
  });

export const duplicateTitle = (span: Span, title: string, first: Span): Diagnostic =>
  makeDiagnostic("E112", {
    span,
    message: `two tables have the title "${title}"`,
    hint: "give each table a title of its own",
    related: [{ span: first, message: "the first one is here" }],
  });

export const unknownSetting = ({ span, word, known }: UnknownWord): Diagnostic =>
  makeDiagnostic("E113", {
    span,
    message: `\`--set ${word}=...\` names no \`param\` of the program`,
    hint: hintForName(word, known) ?? "the program declares no `param`",
  });

/** `source` says where the text comes from: `--set k`, or the name of an environment variable. */
export const unreadableSetting = (span: Span, source: string, expected: string): Diagnostic =>
  makeDiagnostic("E114", { span, message: `the value of ${source} is not ${expected}` });

export const missingEnvironment = (span: Span, name: string): Diagnostic =>
  makeDiagnostic("E115", {
    span,
    message: `the environment variable \`${name}\` is not set and has no default`,
    hint: `set it, or write a default: \`env("${name}", "...")\``,
  });

export const paramNotLiteral = (span: Span): Diagnostic =>
  makeDiagnostic("E116", {
    span,
    message: "a `param` is a number, a string, true, false or `env(...)`",
    hint: 'e.g. `param data = env("DATA", "./data")`',
  });

export const unknownParam = ({ span, word, known }: UnknownWord): Diagnostic =>
  makeDiagnostic("E117", {
    span,
    message: `there is no \`param ${word}\``,
    hint: hintForName(word, known) ?? `declare it: \`param ${word} = "..."\``,
  });

export const circularDeclaration = (span: Span, name: string): Diagnostic =>
  makeDiagnostic("E118", {
    span,
    message: `\`${name}\` is defined by itself`,
    hint: "break the circle with a value or a constructor",
  });

export const notOfRole = (span: Span, role: Role, found: string): Diagnostic =>
  makeDiagnostic("E119", {
    span,
    message: `expected a ${role}, found ${found}`,
    hint: `write a constructor with its fields, or the name of a declared ${role}`,
  });

export const unknownConstructor = ({ span, word, known }: UnknownWord, role: Role): Diagnostic =>
  makeDiagnostic("E120", {
    span,
    message: `there is no ${role} \`${word}\`, neither as a constructor nor declared`,
    hint: hintForName(word, known),
  });

export const wrongKind = (span: Span, name: string, kinds: { expected: Role; found: string; at: Span }): Diagnostic =>
  makeDiagnostic("E121", {
    span,
    message: `\`${name}\` is a ${kinds.found}, and a ${kinds.expected} is needed here`,
    related: [{ span: kinds.at, message: "declared here" }],
  });

/** The most declarations that may be derived from one another in a row. */
export const longestDerivation = 500;

export const derivedTooOften = (span: Span, name: string): Diagnostic =>
  makeDiagnostic("E122", {
    span,
    message: `\`${name}\` is defined through more than ${String(longestDerivation)} others`,
    hint: "derive it from a constructor",
  });

export const unknownField = ({ span, word, known }: UnknownWord, owner: string): Diagnostic =>
  makeDiagnostic("E123", {
    span,
    message: `\`${owner}\` has no parameter \`${word}\``,
    hint:
      hintForName(word, known) ?? (known.length === 0 ? "it has no parameters" : `it has ${listWords(known, "and")}`),
  });

export const duplicateField = (span: Span, name: string, first: Span): Diagnostic =>
  makeDiagnostic("E124", {
    span,
    message: `\`${name}\` is set twice`,
    hint: "keep one of the two",
    related: [{ span: first, message: "first set here" }],
  });

export const missingFields = (
  span: Span,
  owner: string,
  { missing, canSearch }: { missing: readonly string[]; canSearch: boolean },
): Diagnostic => {
  const fields = listWords(
    missing.map((name) => `${name}: ...`),
    "and",
  );
  return makeDiagnostic("E125", {
    span,
    message: `\`${owner}\` needs ${listWords(missing, "and")}`,
    hint: canSearch ? `write ${fields}, or \`search {}\` to let validation choose` : `write ${fields}`,
  });
};

export const wrongType = (span: Span, name: string, types: { expected: string; found: string }): Diagnostic =>
  makeDiagnostic("E126", { span, message: `\`${name}\` must be ${types.expected}, found ${types.found}` });

export const outOfRange = (span: Span, name: string, limits: { range: string; found: string }): Diagnostic =>
  makeDiagnostic("E127", { span, message: `\`${name}\` must be ${limits.range}, found ${limits.found}` });

export const unknownChoice = ({ span, word, known }: UnknownWord, name: string): Diagnostic =>
  makeDiagnostic("E128", {
    span,
    message: `\`${name}\` cannot be \`${word}\`; it is one of ${listWords(known, "or")}`,
    hint: hintForName(word, known),
  });

export const splitIsWired = (span: Span, name: string): Diagnostic =>
  makeDiagnostic("E129", {
    span,
    message: `\`${name}\` is set by the wiring of tasks, and cannot be set by a program`,
    hint: "a split is said in the table's cells, e.g. `cells: test.auroc`; the rest comes from a head's search",
  });

export const wrongLength = (
  span: Span,
  name: string,
  lengths: { range: string; found: number; isInner: boolean },
): Diagnostic =>
  makeDiagnostic("E130", {
    span,
    message: `the length of ${lengths.isInner ? "each list in" : "the list"} \`${name}\` must be ${lengths.range}, found ${String(lengths.found)}`,
  });

export const notAscending = (span: Span, name: string, values: readonly number[]): Diagnostic =>
  makeDiagnostic("E151", {
    span,
    message: `each value of \`${name}\` must be higher than the one before, found ${values.join(", ")}`,
    hint: `write \`[${[...values].sort((a, b) => a - b).join(", ")}]\``,
  });

export const severalValues = (span: Span, name: string): Diagnostic =>
  makeDiagnostic("E131", { span, message: `\`${name}\` takes one value`, hint: "write a list in brackets: `[a, b]`" });

export const twoMeanings = (span: Span, name: string, ops: readonly string[]): Diagnostic =>
  makeDiagnostic("E132", {
    span,
    message: `\`${name}\` means different things in ${listWords(ops, "and")}, so one value cannot set it in both`,
    hint: "use a sweep for each",
  });

export const sourceNotTaken = (span: Span, source: string, sources: readonly string[]): Diagnostic =>
  makeDiagnostic("E133", {
    span,
    message: `this constructor takes no weights from \`${source}(...)\``,
    hint: sources.length > 0 ? `it takes them from ${listWords(sources, "or")}` : undefined,
  });

export const wrongCall = (span: Span, name: string, usage: string): Diagnostic =>
  makeDiagnostic("E134", { span, message: `\`${name}\` is not used like this`, hint: `write \`${usage}\`` });

export const badRange = (span: Span, problem: string): Diagnostic => makeDiagnostic("E135", { span, message: problem });

export const misplaced = (span: Span, what: string, where: string): Diagnostic =>
  makeDiagnostic("E136", { span, message: `${what} has no place in ${where}` });

export const choiceOnTest = (span: Span): Diagnostic =>
  makeDiagnostic("E140", {
    span,
    message: "a choice cannot be made on the test split",
    hint: "choose on validation: `select: max val.auroc`",
  });

export const badSelect = (span: Span): Diagnostic =>
  makeDiagnostic("E141", {
    span,
    message: "a choice is the largest or the smallest of one metric on validation",
    hint: "write `select: max val.auroc`",
  });

export const badSearchField = (span: Span, name: string, usage: string): Diagnostic =>
  makeDiagnostic("E142", { span, message: `\`${name}\` of a search is ${usage}` });

export const nothingToSearch = (span: Span, owner: string): Diagnostic =>
  makeDiagnostic("E143", {
    span,
    message: `\`${owner}\` says nothing to search over`,
    hint: "write the values to try: `over { NAME: [...] }`",
  });

export const notSearchable = (span: Span, name: string, reason: string): Diagnostic =>
  makeDiagnostic("E144", {
    span,
    message: `\`${name}\` cannot be searched over: ${reason}`,
    hint: "search over the parameters of the head that change how it is fitted",
  });

export const writtenAndSearched = (span: Span, name: string, search: Span): Diagnostic =>
  makeDiagnostic("E137", {
    span,
    message: `\`${name}\` is written here and searched over too, so that the value would mean nothing`,
    hint: "drop one of the two; a derived head without a search needs a base without one",
    related: [{ span: search, message: "the search is here" }],
  });

export const worstChosen = (span: Span, metric: string, better: "higher" | "lower"): Diagnostic =>
  makeDiagnostic("E138", {
    span,
    message: `this chooses the worst: ${better} is better in \`${metric}\``,
    hint: `write \`select: ${better === "higher" ? "max" : "min"} val.${metric}\``,
  });

export const tooManyFits = (span: Span, size: { fits: number; most: number }): Diagnostic =>
  makeDiagnostic("E139", {
    span,
    message: `the searches of this program ask for ${groupDigits(size.fits)} fits (points times folds times trials); the limit is ${groupDigits(size.most)}`,
    hint: "try fewer values, folds or seeds, or split the sweep over several programs",
  });

export const searchOfNoHead = (span: Span, role: Role): Diagnostic =>
  makeDiagnostic("E145", {
    span,
    message: `only a head can have a \`search { ... }\`, and this is a ${role}`,
    hint: "compare settings of data sets and backbones by an axis of a sweep",
  });

export const settingIsSearched = (span: Span, name: string, search: Span): Diagnostic =>
  makeDiagnostic("E146", {
    span,
    message: `\`${name}\` is set by the sweep and searched over by the head`,
    hint: "an axis is compared, a search is tuned: drop one of the two",
    related: [{ span: search, message: "the search is here" }],
  });

/** `param`: by which a head without a search learns from val; null after a search. */
export const refitOnScored = (span: Span, head: string, param: string | null): Diagnostic =>
  makeDiagnostic("E147", {
    span,
    message: `a score on val would be one on examples that \`${head}\` has ${param === null ? "been refitted on" : "learned from"}`,
    hint: `write ${param === null ? "`refit: train` in its search" : `\`${param}: false\``}, or score on test`,
  });

export const searchTooLarge = (span: Span, owner: string, size: { points: number; most: number }): Diagnostic =>
  makeDiagnostic("E149", {
    span,
    message: `the search of \`${owner}\` has ${groupDigits(size.points)} points; the limit is ${groupDigits(size.most)}`,
    hint: "try fewer values of some parameter",
  });

export const noCheckpoints = (span: Span, op: string): Diagnostic =>
  makeDiagnostic("E148", {
    span,
    message: `\`${op}\` is not trained in epochs, so that there is no best one to choose`,
    hint: "leave `checkpoint` out",
  });

/** What the grammar reads and this version gives no meaning to. */
export const notSupportedYet = (span: Span, what: string): Diagnostic =>
  makeDiagnostic("E150", {
    span,
    message: `${what} is not supported by this version yet`,
    hint: "leave it out for now",
  });

export const neverUsed = (span: Span, kind: string, name: string): Diagnostic =>
  makeDiagnostic("W100", {
    span,
    message: `the ${kind} \`${name}\` is never used`,
    hint: kind === "sweep" ? "name it in the `from` of a table, or remove it" : "use it, or remove it",
  });
