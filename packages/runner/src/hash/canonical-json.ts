export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * JSON with one spelling per value: keys sorted by UTF-16 code unit (never by locale), no white space, -0 as 0.
 * @throws where a number is not finite: it has no JSON spelling, and hashing `null` instead would make questions meet
 */
export function canonicalJson(value: Json): string {
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new Error(`No canonical JSON for the number ${String(value)}.`);
    return JSON.stringify(value === 0 ? 0 : value);
  }
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  return joinMembers(canonicalMembers(value));
}

/** One member of an object as it stands in the object's canonical JSON: `"name":value`. */
export interface CanonicalMember {
  readonly name: string;
  readonly text: string;
}

/** An object's members in their canonical order, so that the object without some of them needs no second spelling. */
export function canonicalMembers(value: Readonly<Record<string, Json>>): readonly CanonicalMember[] {
  // Without a comparison of its own, `sort` goes by UTF-16 code unit.
  return Object.keys(value)
    .sort()
    .map((name) => ({ name, text: `${JSON.stringify(name)}:${canonicalJson(value[name] as Json)}` }));
}

/** The canonical JSON of the object that has these members. */
export function joinMembers(members: readonly CanonicalMember[]): string {
  return `{${members.map((member) => member.text).join(",")}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
