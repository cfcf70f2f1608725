import type { CallNode, NamedNode, ValueNode } from "../2-ast/ast.ts";
import type { CompileOptions } from "../compile-options.ts";
import {
  circularDeclaration,
  derivedTooOften,
  longestDerivation,
  missingEnvironment,
  paramNotLiteral,
  unknownParam,
  unknownSetting,
  unreadableSetting,
  wrongCall,
} from "../diagnostics/catalog-check.ts";
import type { Span } from "../text/source.ts";
import type { ParamLiteral, ParamValues, Report } from "./check-context.ts";
import { fillString } from "./fill-string.ts";
import { namesOfKind, type ProgramNames } from "./program-names.ts";

interface ParamOptions extends Pick<CompileOptions, "entry" | "environment" | "settings"> {
  readonly names: ProgramNames;
  /** Told of every param that another one refers to. */
  readonly used: Set<string>;
  readonly report: Report;
}

/**
 * Gives every `param` its value: from `--set`, else from the environment, else as written. A value from outside is read
 * as the type of the literal that it replaces.
 */
export function checkParams(options: ParamOptions): ParamValues {
  const { names, report } = options;
  const values = new Map<string, ParamLiteral | null>();
  const open = new Set<string>();
  const known = namesOfKind(names, "param");

  const valueOf = (node: NamedNode): ParamLiteral | null => {
    const name = node.name.text;
    const done = values.get(name);
    if (done !== undefined) return done;
    if (open.has(name)) {
      report(circularDeclaration(node.name.span, name));
      return null;
    }
    if (open.size >= longestDerivation) {
      report(derivedTooOften(node.name.span, name));
      return null;
    }
    open.add(name);
    const setting = readSetting(node, options);
    const value = setting === undefined ? readLiteral(node.value, { ...options, valueOf }) : setting;
    open.delete(name);
    values.set(name, value);
    return value;
  };

  for (const node of names.named.values()) if (node.declares === "param") valueOf(node);
  const nowhere = { path: options.entry, start: 0, end: 0 };
  for (const word of Object.keys(options.settings)) {
    if (!known.includes(word)) report(unknownSetting({ span: nowhere, word, known }));
  }
  return values;
}

interface LiteralOptions extends ParamOptions {
  readonly valueOf: (node: NamedNode) => ParamLiteral | null;
}

function readLiteral(node: ValueNode, options: LiteralOptions): ParamLiteral | null {
  if (node.kind === "number" || node.kind === "boolean") return { value: node.value, base: node.span.path };
  if (node.kind === "string") return fillString(node, (name) => readName(name, options));
  if (node.kind === "call" && node.name.text === "env") return readEnvironment(node, options);
  options.report(paramNotLiteral(node.span));
  return null;
}

function readName(name: { readonly text: string; readonly span: Span }, options: LiteralOptions): ParamLiteral | null {
  const node = options.names.named.get(name.text);
  if (node?.declares === "param") {
    options.used.add(name.text);
    return options.valueOf(node);
  }
  options.report(unknownParam({ span: name.span, word: name.text, known: namesOfKind(options.names, "param") }));
  return null;
}

function readEnvironment(node: CallNode, options: LiteralOptions): ParamLiteral | null {
  const [name, fallback, ...rest] = node.arguments;
  if (name?.kind !== "string" || rest.length > 0) {
    options.report(wrongCall(node.span, "env", 'env("NAME", "default")'));
    return null;
  }
  const variable = fillString(name, (part) => readName(part, options))?.value;
  const written = fallback === undefined ? undefined : readLiteral(fallback, options);
  if (variable === undefined || written === null) return null;
  const found = Object.hasOwn(options.environment, variable) ? options.environment[variable] : undefined;
  if (found !== undefined) {
    const place = { span: node.span, source: `\`${variable}\``, report: options.report };
    return readAs(found, written?.value ?? "", place);
  }
  if (written === undefined) options.report(missingEnvironment(node.span, variable));
  return written ?? null;
}

/** The value that `--set` gives; undefined where it gives none. */
function readSetting(node: NamedNode, options: ParamOptions): ParamLiteral | null | undefined {
  const name = node.name.text;
  const setting = Object.hasOwn(options.settings, name) ? options.settings[name] : undefined;
  if (setting === undefined) return undefined;
  const span = { path: options.entry, start: 0, end: 0 };
  return readAs(setting, modelOf(node.value), { span, source: `\`--set ${name}\``, report: options.report });
}

/** A literal of the type that a value from outside is read as: that of the literal written, text for anything else. */
function modelOf(node: ValueNode | undefined): ParamLiteral["value"] {
  if (node?.kind === "number" || node?.kind === "boolean") return node.value;
  return node?.kind === "call" ? modelOf(node.arguments[1]) : "";
}

/** Reads text from outside as the type of `model`. */
function readAs(
  text: string,
  model: ParamLiteral["value"],
  place: { readonly span: Span; readonly source: string; readonly report: Report },
): ParamLiteral | null {
  if (typeof model === "string") return { value: text, base: null };
  if (typeof model === "boolean") {
    if (text === "true" || text === "false") return { value: text === "true", base: null };
    place.report(unreadableSetting(place.span, place.source, "true or false"));
    return null;
  }
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return { value, base: null };
  place.report(unreadableSetting(place.span, place.source, "a number"));
  return null;
}
