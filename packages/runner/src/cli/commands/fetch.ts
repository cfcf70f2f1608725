import { findWeights } from "@exp-lab/ops";
import { formatBytes } from "../../4-report/bytes.ts";
import type { CommandDefinition } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { stopOnInterrupt } from "../interrupts.ts";
import { loadProgram } from "../load-program.ts";
import { wrongInput } from "../session.ts";
import { fetchMissing } from "../weights/fetch-missing.ts";
import { nameWeights, programWeights } from "../weights/program-weights.ts";

/** `exp fetch FILE`: downloads a program's weights, e.g. where compute nodes have no network and the login node has. */
export const fetchCommand: CommandDefinition = {
  name: "fetch",
  summary: "download the weights that a program names and that are not here",
  arguments: [{ name: "file", summary: "the program" }],
  options: [],
  run: async ({ arguments: [file = ""], options }, terminal) => {
    const { graph } = loadProgram(file, options, terminal);
    const all = programWeights(graph.tasks);
    const interrupts = stopOnInterrupt();
    try {
      await fetchMissing(all, { options, terminal, signal: interrupts.signal });
    } catch (error) {
      throw wrongInput(error);
    } finally {
      interrupts.release();
    }
    const weights = await Promise.all(
      all.map(async (each) => ({ name: nameWeights(each), found: await findWeights(each.source) })),
    );
    const lines = weights.map(({ name, found }) => {
      const files = found.status === "here" ? found.files : [];
      return { name, files, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
    });
    if (options.json) {
      const listed = lines.map(({ name, files }) => ({ name, files }));
      terminal.out(`${JSON.stringify({ version: 1, weights: listed })}\n`);
    } else if (lines.length === 0) terminal.out(`${file} names no weights to download.\n`);
    else for (const { name, bytes } of lines) terminal.out(`${name}: here, ${formatBytes(bytes)}\n`);
    return exitCodes.done;
  },
};
