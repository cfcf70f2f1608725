import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "./canonical-json.ts";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** SHA-256 (hex) of bytes. */
export type Digest = Branded<"Digest">;
/** The hash of a question: op, version, parameters, upstream fingerprints, digests of the files named, library versions. */
export type Fingerprint = Branded<"Fingerprint">;
/** The hash of a question without any data set; with an example's digest it keys a row. */
export type Recipe = Branded<"Recipe">;
/** The hash of a question whose inputs stand by the digests of their bytes: finds an answer after early cut-off. */
export type ContentKey = Branded<"ContentKey">;

export function digestOf(bytes: Uint8Array): Digest {
  return createHash("sha256").update(bytes).digest("hex") as Digest;
}

/** Every pre-image begins with what it is the hash of, so that no two kinds of hash can meet. */
export function hashDocument<Kind extends Fingerprint | Recipe | ContentKey>(tag: HashTag<Kind>, document: Json): Kind {
  return createHash("sha256").update(`exp.${tag}.1\n`).update(canonicalJson(document)).digest("hex") as Kind;
}

type HashTag<Kind> = Kind extends Fingerprint ? "fingerprint" : Kind extends Recipe ? "recipe" : "content";
