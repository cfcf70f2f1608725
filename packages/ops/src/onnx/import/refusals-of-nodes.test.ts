import { describe, expect, it } from "vitest";
import { elementTypes } from "../onnx-model.ts";
import { node, type WrittenAttribute } from "./import-testing/model-of.ts";
import { modelOfX, refusal, x } from "./import-testing/refusal.ts";
import { floats, integers } from "./import-testing/values.ts";

const image = floats([1, 2, 4, 4], "image");

interface Wrong {
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly attributes?: Readonly<Record<string, WrittenAttribute>>;
  readonly results?: readonly string[];
  readonly opset?: number;
  /** After the words that name the node. */
  readonly reason: string;
}

const wrong: Readonly<Record<string, Wrong>> = {
  "shapes that cannot be broadcast": {
    operator: "Add",
    inputs: ["x", "four"],
    reason: "Shapes [2, 3] and [4] cannot be broadcast",
  },
  "factors that do not fit": { operator: "MatMul", inputs: ["x", "x"], reason: "Cannot multiply [2, 3] by [2, 3]" },
  "two types": { operator: "Mul", inputs: ["x", "list"], reason: "it takes float32 and int64 together" },
  "an input that is left out": { operator: "Add", inputs: ["x"], reason: "its input 2 is missing" },
  "sizes that do not fill": {
    operator: "Reshape",
    inputs: ["x", "list"],
    reason: "Cannot reshape [2, 3] to [4, 2]",
  },
  "a rest that is no whole number": {
    operator: "Reshape",
    inputs: ["x", "open"],
    reason: "Reshape would give the shape [4, 1.5]",
  },
  "sizes that are worked out of values": {
    operator: "Reshape",
    inputs: ["x", "computed"],
    reason: 'its input 2 ("computed") has to be known before anything runs, and hangs on the images',
  },
  "sizes that lie elsewhere": {
    operator: "Reshape",
    inputs: ["x", "elsewhere"],
    reason: 'its input 2 ("elsewhere") has to be known before anything runs, and is too long or lies in another file',
  },
  "sizes that are floats": {
    operator: "Expand",
    inputs: ["x", "four"],
    reason: 'its input 2 ("four") is of type float32, and not whole numbers',
  },
  "an axis too far": {
    operator: "Softmax",
    inputs: ["x"],
    attributes: { axis: { int: -3 } },
    reason: "it names the axis -3, which [2, 3] has not",
  },
  "an axis twice": {
    operator: "ReduceMean",
    inputs: ["x"],
    attributes: { axes: { ints: [1, -1] } },
    reason: "it names an axis twice: 1, -1",
  },
  "an index too far": {
    operator: "Gather",
    inputs: ["x", "list"],
    reason: "its index 4 lies outside axis 0 of [2, 3]",
  },
  "parts that are no whole": {
    operator: "Split",
    inputs: ["x", "list"],
    attributes: { axis: { int: 1 } },
    results: ["y", "z"],
    reason: "Axis 1 of [2, 3] is no sum of 4 + 2",
  },
  "parts of different sizes": {
    operator: "Concat",
    inputs: ["x", "image"],
    attributes: { axis: { int: 0 } },
    reason: "Cannot concatenate [2, 3] and [1, 2, 4, 4]",
  },
  "an image that is smaller than the window": {
    operator: "MaxPool",
    inputs: ["image"],
    attributes: { kernel_shape: { ints: [2, 5] } },
    reason: "its window of 2 x 5 is larger than [1, 2, 4, 4] with its padding",
  },
  "an image of other channels": {
    operator: "Conv",
    inputs: ["image", "kernel"],
    reason: "A convolution of [1, 3, 2, 2] in 1 groups does not take [1, 2, 4, 4]",
  },
  "a window over other axes": {
    operator: "AveragePool",
    inputs: ["image"],
    attributes: { kernel_shape: { ints: [2] } },
    reason: "its window of 2 does not go over [1, 2, 4, 4]",
  },
  "blocks that do not fit": {
    operator: "DepthToSpace",
    inputs: ["image"],
    attributes: { blocksize: { int: 2 } },
    reason: "Reshape would give the shape [1, 2, 2, 0.5, 4, 4]",
  },
  "a type that is not known": {
    operator: "Cast",
    inputs: ["x"],
    attributes: { to: { int: 2 } },
    reason: "it makes uint8 of its input, a type that is not known here",
  },
  "values of a type that is not known": {
    operator: "Add",
    inputs: ["x", "bytes"],
    reason: "it reads uint8, a type that is not known here",
  },
  "a region": {
    operator: "Resize",
    inputs: ["image", "", "scales"],
    attributes: { coordinate_transformation_mode: { string: "tf_crop_and_resize" } },
    reason: 'it places values by "tf_crop_and_resize", which is not known here',
  },
  "an equation of other inputs": {
    operator: "Einsum",
    inputs: ["x", "four"],
    attributes: { equation: { string: "ij,jk->ik" } },
    reason: 'its equation "ij,jk->ik" does not fit inputs of 2 and 1 axes',
  },
  "moments per place": {
    operator: "BatchNormalization",
    inputs: ["x", "three", "three", "three", "three"],
    attributes: { spatial: { int: 0 } },
    opset: 7,
    reason: "it normalises each place by itself",
  },
};

describe("of a node that cannot be used it is said what is wrong", () => {
  const again =
    "Check the image size and the batch that the model is given. If they are right, export it again with operator set 17 to 20, or name a tensor before this node as its features.";
  const elsewhere = {
    name: "elsewhere",
    dataType: elementTypes.int64,
    dims: [2],
    dataLocation: 1,
    externalData: [{ key: "location", value: "weights.bin" }],
  };
  const bytes = { name: "bytes", dataType: 2, dims: [3], rawData: Uint8Array.of(1, 2, 3) };
  it.each(Object.entries(wrong))(
    "%s",
    async (_, { operator, inputs, attributes, results = ["y"], opset = 17, reason }) => {
      const { graph, ...rest } = modelOfX(
        [
          node("Cast", ["x"], ["computed"], { to: { int: elementTypes.int64 } }),
          node(operator, inputs, results, attributes),
        ],
        {
          opset,
          inputs: { x: { shape: [2, 3] }, image: { shape: [1, 2, 4, 4] } },
          constants: {
            four: floats([4], "four"),
            three: floats([3], "three"),
            kernel: floats([1, 3, 2, 2], "kernel"),
            scales: { ...floats([4], "scales"), values: [1, 1, 2, 2] },
            list: integers(4, 2),
            open: integers(4, -1),
          },
        },
      );
      const initializer = [...(graph.initializer ?? []), elsewhere, bytes];
      const message = `model.onnx: the node "the y" (operator ${operator}) cannot be used: ${reason}.`;
      expect(await refusal({ ...rest, graph: { ...graph, initializer } }, { x, image })).toEqual([
        "onnx-node-invalid",
        message,
        again,
      ]);
    },
  );

  it("that nothing makes what it reads", async () => {
    expect(await refusal(modelOfX([node("Add", ["x", "lost"], ["y"])]))).toEqual([
      "onnx-node-invalid",
      'model.onnx: the node "the y" (operator Add) reads the tensor "lost", which nothing makes.',
      "The file is not whole: export the model again.",
    ]);
  });

  it("that a function has not what it gives", async () => {
    const empty = { name: "Empty", domain: "local", input: ["a"], output: ["b"], node: [] };
    const calling = modelOfX([{ ...node("Empty", ["x"], ["y"]), domain: "local" }], { functions: [empty] });
    expect((await refusal(calling))[1]).toBe(
      'model.onnx: the node "the y" (operator local.Empty) gives the tensor "b", which nothing inside of it makes.',
    );
  });
});
