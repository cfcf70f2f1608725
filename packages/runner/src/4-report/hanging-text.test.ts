import { expect, it } from "vitest";
import { hangText } from "./hanging-text.ts";

const text = "onnxruntime 1.30.0, providers: cpu, webgpu";

it("breaks between words at the edge, later lines below the first", () => {
  expect(hangText({ head: "✓ runtime  ", indent: 11, text, width: 40 })).toBe(
    "✓ runtime  onnxruntime 1.30.0,\n           providers: cpu, webgpu\n",
  );
});

it("breaks nothing where no terminal sets a width, and no word", () => {
  expect(hangText({ head: "", indent: 2, text, width: null })).toBe(`${text}\n`);
  const path = "/a/path/that/is/longer/than/the/terminal";
  expect(hangText({ head: "  ", indent: 2, text: path, width: 10 })).toBe(`  ${path}\n`);
});

it("leaves lines that fit as they are, and keeps the indent of those that do not", () => {
  const list = "These fit:\n  a:1  knn\n  b:2  a label of many words";
  expect(hangText({ head: "error: ", indent: 0, text: list, width: 20 })).toBe(
    "error: These fit:\n  a:1  knn\n  b:2 a label of\n  many words\n",
  );
});

it("keeps together what a no-break space joins", () => {
  expect(hangText({ head: "", indent: 0, text: "it was made on Monday in 12\u00a0s", width: 27 })).toBe(
    "it was made on Monday in\n12 s\n",
  );
});
