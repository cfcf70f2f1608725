import { expect, it } from "vitest";
import { findTfjs, loadInstalled, loadTfjs, type LoadPackage } from "./tfjs.ts";

const native = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
const portable = "@tensorflow/tfjs";
const wasm = "@tensorflow/tfjs-backend-wasm";

it("starts WASM without listeners to the process's errors", async () => {
  const listeners = (): readonly unknown[] => [
    ...process.rawListeners("uncaughtException"),
    ...process.rawListeners("unhandledRejection"),
  ];
  const before = listeners();
  expect((await loadTfjs(installedBut(...native)))?.backend).toBe("wasm");
  expect(listeners()).toEqual(before);
});

it("tells what would train, down to nothing", async () => {
  const version = expect.stringMatching(/^4\.\d+\.\d+$/) as string;
  expect(await findTfjs(installedBut(...native))).toEqual({
    package: `${portable} with ${wasm}`,
    version,
    backend: "wasm",
    usesGpu: false,
  });
  expect(await findTfjs(installedBut(...native, wasm))).toEqual({
    package: portable,
    version,
    backend: "cpu",
    usesGpu: false,
  });
  expect(await findTfjs(installedBut(...native, portable))).toBeNull();
});

it("looks for the fastest first", async () => {
  const asked: string[] = [];
  const nothing = await loadTfjs((name) => {
    asked.push(name);
    return null;
  });
  expect(nothing).toBeNull();
  expect(asked).toEqual([...native, portable]);
});

it("never takes a slower way because a faster one is damaged", async () => {
  const damaged = findTfjs((name) => {
    throw new Error(`Cannot find\nmodule 'parts' of ${name}\nRequire stack:\n- one.js`);
  });
  await expect(damaged).rejects.toMatchObject({
    name: "OpError",
    code: "engine-broken",
    message: `${native[0]!} is installed but does not work: Cannot find module 'parts' of ${native[0]!}`,
  });
  // The portable package lacks the native backend.
  await expect(findTfjs(() => loadInstalled(portable))).rejects.toMatchObject({ code: "engine-broken" });
  await expect(findTfjs(() => ({ train: {} }))).rejects.toMatchObject({ code: "engine-broken" });
});

it("takes a package for not installed only where it is not there", () => {
  expect(loadInstalled(`${portable}-that-is-not-there`)).toBeNull();
  expect(loadInstalled(portable)).toBeTypeOf("object");
});

/** What is installed, as if the packages named were not. */
function installedBut(...names: readonly string[]): LoadPackage {
  return (name) => (names.includes(name) ? null : loadInstalled(name));
}
