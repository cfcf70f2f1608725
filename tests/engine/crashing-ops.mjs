// The built-in ops for a worker of a test, one of which ends its worker, or never ends, where k is 5: as EXP_TEST_CRASH says;
// with EXP_TEST_CRASH_ONCE, the name of a file, for the first time alone.
import { existsSync, writeFileSync } from "node:fs";
import process from "node:process";
import { builtinOps } from "@exp-lab/ops";

function crash() {
  const how = process.env.EXP_TEST_CRASH;
  if (how === undefined) return;
  const once = process.env.EXP_TEST_CRASH_ONCE;
  if (once !== undefined) {
    if (existsSync(once)) return;
    writeFileSync(once, "");
  }
  if (how === "exit") process.exit(3);
  if (how === "spin") for (;;);
  process.kill(process.pid, how);
}

export const ops = builtinOps.map((op) => {
  if (op.signature.name !== "knn") return op;
  const run = (context) => {
    if (context.params.k === 5) crash();
    return op.run(context);
  };
  return { ...op, run };
});
