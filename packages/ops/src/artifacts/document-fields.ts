import {
  damagedArtifact,
  isJsonObject,
  type ArtifactDocument,
  type DocumentArray,
  type Json,
  type JsonObject,
} from "./document-codec.ts";

/**
 * Typed reading of a decoded document. Every function throws OpError `artifact-damaged`, naming kind and field, where
 * the field is absent or of another type: an artifact is never half understood.
 */
export interface FieldSource {
  /** The kind, or `kind.field` for an object inside. Only for messages. */
  readonly kind: string;
  readonly fields: JsonObject;
}

export function stringField(source: FieldSource, name: string): string {
  return read(source, name, "a string", (value) => (typeof value === "string" ? value : undefined));
}

export function nullableStringField(source: FieldSource, name: string): string | null {
  return read(source, name, "a string or null", (value) =>
    typeof value === "string" || value === null ? value : undefined,
  );
}

export function numberField(source: FieldSource, name: string): number {
  return read(source, name, "a number", (value) => (typeof value === "number" ? value : undefined));
}

export function nullableNumberField(source: FieldSource, name: string): number | null {
  return read(source, name, "a number or null", (value) =>
    typeof value === "number" || value === null ? value : undefined,
  );
}

export function booleanField(source: FieldSource, name: string): boolean {
  return read(source, name, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
}

export function choiceField<Choice extends string>(
  source: FieldSource,
  name: string,
  choices: readonly Choice[],
): Choice {
  return read(source, name, `one of ${choices.join(", ")}`, (value) => choices.find((choice) => choice === value));
}

export function stringsField(source: FieldSource, name: string): readonly string[] {
  return listField(source, name, "a list of strings", (item) => (typeof item === "string" ? item : undefined));
}

export function nullableStringsField(source: FieldSource, name: string): readonly (string | null)[] {
  return listField(source, name, "a list of strings or null", (item) =>
    typeof item === "string" || item === null ? item : undefined,
  );
}

export function numbersField(source: FieldSource, name: string): readonly number[] {
  return listField(source, name, "a list of numbers", (item) => (typeof item === "number" ? item : undefined));
}

export function nullableNumbersField(source: FieldSource, name: string): readonly (number | null)[] {
  return listField(source, name, "a list of numbers or null", (item) =>
    typeof item === "number" || item === null ? item : undefined,
  );
}

export function objectField(source: FieldSource, name: string): FieldSource {
  return read(source, name, "an object", (value) =>
    isJsonObject(value) ? { kind: `${source.kind}.${name}`, fields: value } : undefined,
  );
}

export function objectsField(source: FieldSource, name: string): readonly FieldSource[] {
  return listField(source, name, "a list of objects", (item) =>
    isJsonObject(item) ? { kind: `${source.kind}.${name}`, fields: item } : undefined,
  );
}

/** One of the document's arrays, e.g. `arrayOf(document, "weights", Float64Array)`. */
export function arrayOf<Type extends DocumentArray>(
  document: ArtifactDocument,
  name: string,
  type: abstract new (length: number) => Type,
): Type {
  const array = document.arrays[name];
  if (array instanceof type) return array;
  throw damagedArtifact(
    document.kind,
    `its array "${name}" is ${array === undefined ? "missing" : "of another element type"}`,
  );
}

function listField<Item>(
  source: FieldSource,
  name: string,
  expected: string,
  convert: (item: Json) => Item | undefined,
): readonly Item[] {
  return read(source, name, expected, (value) => {
    if (!Array.isArray(value)) return undefined;
    const items = (value as readonly Json[]).map(convert);
    return items.every((item) => item !== undefined) ? items : undefined;
  });
}

function read<Value>(
  source: FieldSource,
  name: string,
  expected: string,
  convert: (value: Json) => Value | undefined,
): Value {
  const value = Object.hasOwn(source.fields, name) ? source.fields[name] : undefined;
  const converted = value === undefined ? undefined : convert(value);
  if (converted === undefined) throw damagedArtifact(source.kind, `its field "${name}" should be ${expected}`);
  return converted;
}
