import { expect, it } from "vitest";
import type { Device } from "../runtime/device.ts";
import type { Session } from "../runtime/session.ts";
import { openCheckedSession } from "./checked-session.ts";

/** A session that doubles, with an error of its own on a device; `heard` has the rows of every run. */
function doubling(on: Device, error: number, heard: (readonly [Device, number])[]): Session {
  return {
    inputs: [{ name: "x", type: "float32", dims: [null, 2] }],
    outputs: [{ name: "y", type: "float32", dims: [null, 2] }],
    madeBy: `${on} test`,
    run: async ({ x }) => {
      heard.push([on, x!.dims[0]!]);
      const data = Float32Array.from(x!.data as Float32Array, (value) => 2 * value + (on === "cpu" ? 0 : error));
      return new Map([["y", { data, dims: x!.dims }]]);
    },
    evaluate: () => Promise.reject(new Error("not asked")),
    runInto: () => Promise.reject(new Error("not asked")),
    close: async () => undefined,
  };
}

const inputs = { x: { data: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8), dims: [4, 2] } };

it("holds the first rows of the first run against the CPU, once", async () => {
  const heard: (readonly [Device, number])[] = [];
  const session = await openCheckedSession("webgpu", async (on) => doubling(on, 1e-4, heard));
  for (const _ of [1, 2]) expect((await session.run(inputs, ["y"])).get("y")?.dims).toEqual([4, 2]);
  expect(session.madeBy).toBe("webgpu test");
  expect(heard).toEqual([
    ["webgpu", 4],
    ["cpu", 2],
    ["webgpu", 4],
  ]);
});

it.each([0.5, Number.NaN])("refuses a device that is off by %d", async (error) => {
  const session = await openCheckedSession("webgpu", async (on) => doubling(on, error, []));
  const running = session.run(inputs, ["y"]);
  await expect(running).rejects.toMatchObject({ code: "device-disagrees" });
  await expect(running).rejects.toThrow("On webgpu this backbone gives other numbers than on the CPU: y differs");
});

it("does not check the CPU against itself", async () => {
  const heard: (readonly [Device, number])[] = [];
  const session = await openCheckedSession("cpu", async (on) => doubling(on, 0, heard));
  await session.run(inputs, ["y"]);
  expect(heard).toEqual([["cpu", 4]]);
});
