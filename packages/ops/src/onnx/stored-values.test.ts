import { expect, it } from "vitest";
import { halfOf } from "./element-values.ts";
import { elementTypes, type OnnxTensor } from "./onnx-model.ts";
import { readModel } from "./read-model.ts";
import { valuesOfTensor } from "./stored-values.ts";
import { writeModel } from "./write-model.ts";

/** As it comes out of a file. */
async function fromFile(tensor: OnnxTensor): Promise<OnnxTensor> {
  const node = [{ opType: "Identity", input: ["w"], output: ["y"] }];
  const graph = { node, initializer: [{ ...tensor, name: "w" }], output: [{ name: "y" }] };
  const model = await readModel(await writeModel({ graph }), "test.onnx");
  return model.graph.initializer![0]!;
}

const kept: Readonly<Record<string, readonly [OnnxTensor, readonly number[]]>> = {
  "floats in a list": [{ dataType: elementTypes.float32, dims: [2], floatData: [0.5, -3] }, [0.5, -3]],
  "float64 in a list": [{ dataType: elementTypes.float64, dims: [1], doubleData: [0.1] }, [0.1]],
  "float16 as bits": [{ dataType: elementTypes.float16, dims: [2], int32Data: [0.5, -2].map(halfOf) }, [0.5, -2]],
  "whole numbers in a list": [{ dataType: elementTypes.int64, dims: [2], int64Data: [-1, 2 ** 40] }, [-1, 2 ** 40]],
  "short whole numbers": [{ dataType: elementTypes.int32, dims: [2], int32Data: [-7, 7] }, [-7, 7]],
  "truth values": [{ dataType: elementTypes.bool, dims: [2], int32Data: [1, 0] }, [1, 0]],
  bytes: [
    { dataType: elementTypes.int64, dims: [1], rawData: Uint8Array.of(254, 255, 255, 255, 255, 255, 255, 255) },
    [-2],
  ],
  nothing: [{ dataType: elementTypes.int64, dims: [0] }, []],
};

it.each(Object.entries(kept))("reads %s", async (_, [tensor, values]) => {
  expect(valuesOfTensor(await fromFile(tensor))).toEqual(values);
});

it("does not read what lies elsewhere, nor types without a name", async () => {
  const elsewhere = { dataType: elementTypes.float32, dims: [1], dataLocation: 1 };
  expect(valuesOfTensor(await fromFile(elsewhere))).toBeNull();
  expect(valuesOfTensor(await fromFile({ dataType: 2, dims: [1], rawData: Uint8Array.of(1) }))).toBeNull();
});
