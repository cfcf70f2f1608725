import { createHash, hash } from "node:crypto";
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
  return hashText<Kind>(tag, canonicalJson(document));
}

/** The hash of a document whose canonical JSON is at hand. */
export function hashText<Kind extends Fingerprint | Recipe | ContentKey>(tag: HashTag<Kind>, text: string): Kind {
  return hashTagged(tag, text) as Kind;
}

/** One digest that stands for many files, by their names and digests in the order given: sort them by name. */
export function rollUpDigests(files: readonly { readonly name: string; readonly digest: Digest }[]): Digest {
  return hashTagged("sources", canonicalJson(files.map(({ name, digest }) => ({ name, digest })))) as Digest;
}

function hashTagged(tag: string, text: string): string {
  return hash("sha256", `exp.${tag}.1\n${text}`);
}

type HashTag<Kind> = Kind extends Fingerprint ? "fingerprint" : Kind extends Recipe ? "recipe" : "content";
