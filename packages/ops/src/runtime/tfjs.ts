import { createRequire } from "node:module";
import type * as core from "@tensorflow/tfjs-core";
import { OpError } from "../op-error.ts";

/** The installation of TensorFlow.js that would train, for people. */
export interface TfjsDescription {
  /** e.g. `@tensorflow/tfjs-node` */
  readonly package: string;
  readonly version: string;
  /** `tensorflow` (native), `wasm` or `cpu` (JavaScript). */
  readonly backend: string;
  readonly usesGpu: boolean;
}

/** The part that all of its packages share: tensors, automatic differentiation, optimisers. */
export type Tfjs = typeof core;

export interface LoadedTfjs extends TfjsDescription {
  readonly tf: Tfjs;
}

/** Gives what a package exports; null where it is not installed. */
export type LoadPackage = (name: string) => unknown;

/** What to install, where nothing or more is wanted. */
export const tfjsInstallation = {
  gpu: "`npm install @tensorflow/tfjs-node-gpu` (NVIDIA GPU with CUDA)",
  native: "`npm install @tensorflow/tfjs-node` (native, CPU)",
  portable: "`npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm` (any machine, slow)",
} as const;

/**
 * What `loadTfjs` would load; null where nothing is installed.
 * @throws OpError `engine-broken`
 */
export async function findTfjs(loadPackage: LoadPackage = loadInstalled): Promise<TfjsDescription | null> {
  const loaded = await loadTfjs(loadPackage);
  if (loaded === null) return null;
  const { package: name, version, backend, usesGpu } = loaded;
  return { package: name, version, backend, usesGpu };
}

/**
 * Loads the fastest installation of TensorFlow.js and makes its backend the current one: tfjs-node-gpu, tfjs-node, tfjs
 * with the WASM backend, tfjs in JavaScript; null where none is installed.
 *
 * tfjs-core alone cannot train: the file that Node loads of it knows no gradients, and only `@tensorflow/tfjs` adds them.
 * @throws OpError `engine-broken` where a package is there but does not work: a slower way would hide that
 */
export async function loadTfjs(loadPackage: LoadPackage = loadInstalled): Promise<LoadedTfjs | null> {
  for (const name of ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"]) {
    const native = loadOrBlame(loadPackage, name);
    if (native !== null) return start(tfjsOf(native, name), name, "tensorflow");
  }
  const name = "@tensorflow/tfjs";
  const portable = loadOrBlame(loadPackage, name);
  if (portable === null) return null;
  const tf = tfjsOf(portable, name);
  const wasm = "@tensorflow/tfjs-backend-wasm";
  if (loadOrBlame(loadPackage, wasm) === null) return start(tf, name, "cpu");
  return keepingCrashReports(() => start(tf, `${name} with ${wasm}`, "wasm"));
}

/**
 * Loads what lies in a `node_modules` above this file. All of these packages are CommonJS, and only `require` tells one
 * that is not there from one that lacks a part of its own.
 */
export function loadInstalled(name: string): unknown {
  const require = createRequire(import.meta.url);
  try {
    require.resolve(name);
  } catch {
    return null;
  }
  return require(name);
}

function loadOrBlame(loadPackage: LoadPackage, name: string): unknown {
  try {
    return loadPackage(name);
  } catch (error) {
    throw broken(name, error instanceof Error ? error.message : String(error));
  }
}

function tfjsOf(exported: unknown, name: string): Tfjs {
  if (!isTfjs(exported)) throw broken(name, "it lacks functions of TensorFlow.js 4");
  // Without it, tfjs prints advice to the console, some of it while its backends are loaded.
  exported.enableProdMode();
  return exported;
}

function isTfjs(value: unknown): value is Tfjs {
  const names = ["enableProdMode", "losses", "SGDOptimizer", "setBackend", "train", "version_core"];
  return typeof value === "object" && value !== null && names.every((name) => name in value);
}

async function start(tf: Tfjs, name: string, backend: string): Promise<LoadedTfjs> {
  const hasStarted = await tf.setBackend(backend).catch(() => false);
  if (!hasStarted) throw broken(name, `its backend ${backend} does not start`);
  const running = tf.backend();
  const usesGpu = "isUsingGpuDevice" in running && running.isUsingGpuDevice === true;
  return { tf, package: name, version: tf.version_core, backend, usesGpu };
}

function broken(name: string, reason: string): OpError {
  return new OpError(
    "engine-broken",
    `${name} is installed but does not work: ${oneLine(reason)}`,
    "Install it again, or remove it so that the next slower way is used.",
  );
}

/** Without the files that led to one that is missing, which Node appends. */
function oneLine(reason: string): string {
  return reason
    .replace(/Require stack:[^]*/, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

/**
 * The WASM backend makes every uncaught error of the process look like its own, by listeners that throw it again. They are
 * taken away; listeners that others add meanwhile stay.
 */
async function keepingCrashReports<Result>(act: () => Promise<Result>): Promise<Result> {
  const events = ["uncaughtException", "unhandledRejection"] as const;
  const before = new Set(events.flatMap((event) => process.rawListeners(event)));
  const result = await act();
  for (const event of events) {
    for (const listener of process.rawListeners(event)) {
      const isOfWasm = !before.has(listener) && /^function \((ex|reason)\) \{[^]*throw \1;/.test(String(listener));
      if (isOfWasm) process.removeListener(event, listener as () => void);
    }
  }
  return result;
}
