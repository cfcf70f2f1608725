import { describe, expect, it } from "vitest";
import { elementTypes, type OnnxModel } from "../onnx-model.ts";
import { node } from "./import-testing/model-of.ts";
import { modelOfX, refusal, x } from "./import-testing/refusal.ts";
import type { NamedValues } from "./import-testing/run-applied.ts";
import { floats, integers } from "./import-testing/values.ts";

const relu = [node("Relu", ["x"], ["y"])];

describe("of inputs and outputs it is said", () => {
  const declared = { images: { shape: ["batch", 3, 8, 8] }, mask: { type: "int64" as const, shape: [4] } };
  const masked = modelOfX([node("Relu", ["images"], ["y"])], { inputs: declared });
  const list = "Its inputs: images (float32 [?, 3, 8, 8]), mask (int64 [4]).";
  const images = floats([1, 3, 8, 8], "images");
  const mask = integers(1, 1, 1, 1);
  const cases: Readonly<Record<string, readonly [NamedValues, string]>> = {
    "that there is none of that name": [{ image: images, mask }, 'model.onnx has no input "image".'],
    "that one is missing": [{ images }, 'model.onnx also takes the input "mask".'],
    "that the type is another": [
      { images, mask: floats([4], "mask") },
      'model.onnx does not take float32 [4] as its input "mask".',
    ],
    "that a size is another": [
      { images: floats([1, 3, 9, 8], "x"), mask },
      'model.onnx does not take float32 [1, 3, 9, 8] as its input "images".',
    ],
    "that there are too few axes": [
      { images: floats([3, 8, 8], "x"), mask },
      'model.onnx does not take float32 [3, 8, 8] as its input "images".',
    ],
  };
  it.each(Object.entries(cases))("%s", async (_, [inputs, message]) => {
    expect(await refusal(masked, inputs)).toEqual(["onnx-input-mismatch", message, list]);
  });

  it("that the type is one that is not known here", async () => {
    const { graph, ...rest } = modelOfX(relu);
    const input = [{ name: "x", type: { tensorType: { elemType: 2, shape: { dim: [{ dimValue: 2 }, {}] } } } }];
    expect(await refusal({ ...rest, graph: { ...graph, input } })).toEqual([
      "onnx-input-mismatch",
      'model.onnx does not take float32 [2, 3] as its input "x".',
      "Its inputs: x (uint8 [2, ?]).",
    ]);
  });

  it("nothing where the file does not say what shape an input has", async () => {
    const { graph, ...rest } = modelOfX(relu);
    const input = [{ name: "x", type: { tensorType: { elemType: elementTypes.float32 } } }];
    expect(await refusal({ ...rest, graph: { ...graph, input } })).toEqual([]);
    expect(await refusal({ ...rest, graph: { ...graph, input } }, {})).toEqual([
      "onnx-input-mismatch",
      'model.onnx also takes the input "x".',
      "Its inputs: x (float32 [...]).",
    ]);
  });

  it("that no tensor has the name that is asked for", async () => {
    expect(await refusal(modelOfX(relu), { x }, { tensors: ["z"] })).toEqual([
      "onnx-no-such-output",
      'model.onnx has no output and no inner tensor "z". Did you mean "y"?',
      "Its outputs: y. Besides them, each of its 0 inner tensors can be named.",
    ]);
  });
});

const plainly =
  "Export the model with operators of ONNX alone (operator set 17 to 20, without optimisations for a runtime), or name a tensor before this node as its features.";

describe("of operators that are not known it is said", () => {
  const cases: Readonly<Record<string, readonly [OnnxModel, string]>> = {
    which: [
      modelOfX([node("NonZero", ["x"], ["y"])]),
      'model.onnx: the node "the y" (operator NonZero) cannot be used: the operator is not known here.',
    ],
    "which, where the node has no name": [
      modelOfX([{ ...node("NonZero", ["x"], ["y"]), name: "" }]),
      'model.onnx: the node "y" (operator NonZero) cannot be used: the operator is not known here.',
    ],
    "of whose domain": [
      modelOfX([{ ...node("Fancy", ["x"], ["y"]), domain: "com.example" }]),
      'model.onnx: the node "the y" (operator com.example.Fancy) cannot be used: the operator is not one of ONNX itself, and the file does not say what it does.',
    ],
    "inside of which function": [
      modelOfX([{ ...node("Outer", ["x"], ["y"]), domain: "local" }], {
        functions: [
          { name: "Outer", domain: "local", input: ["a"], output: ["b"], node: [node("NonZero", ["a"], ["b"])] },
        ],
      }),
      'model.onnx, in the function Outer that the node "the y" calls: the node "the b" (operator NonZero) cannot be used: the operator is not known here.',
    ],
    "that a branch hangs on the images": [
      modelOfX([
        node("ReduceMax", ["x"], ["most"], { keepdims: { int: 0 } }),
        node("Cast", ["most"], ["condition"], { to: { int: elementTypes.bool } }),
        node("If", ["condition"], ["y"], {}),
      ]),
      'model.onnx: the node "the y" (operator If) cannot be used: which of its branches is taken hangs on the images.',
    ],
  };
  it.each(Object.entries(cases))("%s", async (_, [written, message]) => {
    expect(await refusal(written)).toEqual(["onnx-operator-unknown", message, plainly]);
  });

  const convert = "Export the model again with operator set 17 to 20, or convert it with onnx.version_converter.";
  it.each([
    [6, "is written for operator set 6 of ONNX"],
    [0, "does not say which operator set of ONNX it is written for"],
  ])("that operator set %d is too old", async (opset, found) => {
    const { opsetImport, ...rest } = modelOfX(relu, { opset });
    const message = `model.onnx ${found}; those from 7 on are known here.`;
    const expected = ["onnx-operator-unknown", message, convert];
    expect(await refusal({ ...rest, opsetImport: opset === 0 ? [] : (opsetImport ?? []) })).toEqual(expected);
  });
});

it("lets mistakes of our own pass", async () => {
  const broken = () => {
    throw new TypeError("x is undefined");
  };
  await expect(refusal(modelOfX(relu), { x }, { rewrite: broken })).rejects.toThrow(TypeError);
});
