import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { LibraryName, SingleOp } from "@exp-lab/ops";
import type { OpSignature, Task } from "@exp-lab/dsl";
import { digestOf, type Fingerprint } from "../hash/digests.ts";
import { canonicalJson, type Json } from "../hash/canonical-json.ts";
import { askQuestion, contentKey, manifestOf, rowRecipe, type Question } from "./manifest.ts";

const digest = digestOf(Buffer.from("a file"));
const upstream = digestOf(Buffer.from("upstream")) as string as Fingerprint;

// Python: sha256 of the tag line and json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
test("the hashes of a question never change: stored answers hang on them", () => {
  const question = ask({ rate: 0.001, steps: 100, note: "Größe" }, { features: upstream, pixels: upstream });
  expect(question.fingerprint).toBe("1ea66019b79169a2749db405a7693d1a31460737beb73e97c6b5106e8603f6b5");
  expect(question.contentRecipe).toBe("0ab19c49b66c43ff3cc50b9d61677b2d92d651976e4de8e9c4569885397937d4");
  expect(contentKey(question.contentRecipe, { features: digest })).toBe(
    "efb110263d1397888a81d72e5f0c4e83dd9bd99f20b839091cbe9eb707a4cf71",
  );
  expect(rowRecipe(question.contentRecipe, { backbone: digest })).toBe(
    "0c0c1e189225a63a1a601f9505f11f3c87917d4f9c9cc720c91c1968fdf4e8e8",
  );
});

test("a question without inputs, parameters, files or libraries has hashes too", () => {
  const question = ask({}, {}, false);
  expect(question.fingerprint).toBe("75c2b25f4ee7ffae02216d2dccbb8467c9df0bd8ccedd680d30b239ab4626e5d");
  expect(question.contentRecipe).toBe("a0d1fb23611187ad6419010389efab3d138dd2bffe0f0a4a71418f62c1f3a680");
});

test("a fingerprint is the hash of the readable text, the recipe that of the text without inputs", () => {
  const question = ask({ rate: 0.001 }, { features: upstream });
  const { text } = question;
  expect(text).toBe(canonicalJson(manifestOf(question) as unknown as Json));
  expect(question.fingerprint).toBe(sha256(`exp.fingerprint.1\n${text}`));
  const withoutInputs = text.replace(`"inputs":{"features":"${upstream}"},`, "");
  expect(withoutInputs).not.toBe(text);
  expect(question.contentRecipe).toBe(sha256(`exp.recipe.1\n${withoutInputs}`));
});

test("a locator input and a parameter without meaning are not part of the question", () => {
  const question = ask({ rate: 1 }, { features: upstream });
  expect(ask({ rate: 1, verbose: true }, { features: upstream, pixels: upstream })).toEqual(question);
  expect(ask({ rate: 2 }, { features: upstream }).fingerprint).not.toBe(question.fingerprint);
});

const signature = {
  name: "probe",
  version: 3,
  summary: "For this test.",
  use: "constructor",
  role: "head",
  params: {
    rate: { type: "number", default: 1, summary: "A rate." },
    steps: { type: "integer", default: 1, summary: "Steps." },
    note: { type: "string", default: "", summary: "A note." },
    verbose: { type: "boolean", default: false, semantic: false, summary: "Says more." },
  },
  inputs: {
    features: { kind: "features", summary: "Features." },
    pixels: { kind: "dataset", locator: true, summary: "Where the pixels lie." },
  },
  output: "predictions",
} as const satisfies OpSignature;

function ask(params: Task["params"], inputs: Readonly<Record<string, Fingerprint>>, readsFiles = true): Question {
  const op: SingleOp = {
    signature,
    shape: "single",
    deterministic: true,
    libraries: readsFiles ? ["absent-library" as string as LibraryName, "onnxruntime-node"] : [],
    run: () => {
      throw new Error("A question is asked, never run.");
    },
  };
  return askQuestion({
    task: { op: "probe", params },
    op,
    sources: { entries: readsFiles ? { table: digest, sources: { count: 2, bytes: 70, digest } } : {} },
    inputs,
    libraryVersions: { "onnxruntime-node": "1.30.0" },
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
