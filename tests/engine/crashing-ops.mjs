// The built-in ops for a worker of a test, one of which ends its worker, or never ends, where k is 5: as EXP_TEST_CRASH says;
// with EXP_TEST_CRASH_ONCE, the name of a file, for the first time alone. EXP_TEST_MODEL is a file of `square-model.ts`.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { builtinOps, openSession } from "@exp-lab/ops";

async function crash() {
  const how = process.env.EXP_TEST_CRASH;
  if (how === undefined) return;
  const once = process.env.EXP_TEST_CRASH_ONCE;
  if (once !== undefined) {
    if (existsSync(once)) return;
    writeFileSync(once, "");
  }
  if (how === "exit") process.exit(3);
  if (how === "abort") process.abort();
  if (how === "spin") for (;;);
  if (how === "native") await squareForEver();
  process.kill(process.pid, how);
}

/** Almost all of its time is spent in native code, and it never heeds that it is told to stop. */
async function squareForEver() {
  const session = await openSession({ model: { data: readFileSync(process.env.EXP_TEST_MODEL), name: null } });
  const x = { data: new Float32Array(2000 * 2000), dims: [2000, 2000] };
  for (;;) await session.run({ x }, ["y"]);
}

export const ops = builtinOps.map((op) => {
  if (op.signature.name !== "knn") return op;
  const run = async (context) => {
    if (context.params.k === 5) await crash();
    return op.run(context);
  };
  return { ...op, run };
});
