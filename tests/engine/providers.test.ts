import { expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createBench, program } from "./run-program.ts";

it("says under a table which feature matrices more than one provider computed", async () => {
  const bench = createBench();
  try {
    expect((await bench.run(program)).tables[0]?.notes.join(" ")).not.toContain("providers");
    const extract = bench.ops.get("extract");
    if (extract?.shape !== "per example") throw new Error("There is no op that extracts.");
    const open: typeof extract.open = async (context) => ({ ...(await extract.open(context)), madeBy: "gpu 2.0" });
    bench.ops.set("extract", { ...extract, open });
    bench.write("points.txt", `${readFileSync(join(bench.folder, "points.txt"), "utf8")}\ntest 0 0.45 0.65\n`);
    const grown = await bench.run(program);
    expect(grown.summary.forwardPasses).toBe(1);
    // The training images' rows are one provider's.
    const notes = grown.tables[0]?.notes.filter((note) => note.includes("providers"));
    expect(notes).toEqual([
      'The rows of "extract · one · points · test" come from 2 providers, which agree to rounding only: 8 by test, 1 by gpu 2.0.',
    ]);
    expect((await bench.run(program)).text).toBe(grown.text);
  } finally {
    bench.close();
  }
});
