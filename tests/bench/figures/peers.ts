import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { median, notMeasured, type BenchContext, type Figure, type FigureGroup } from "../figure.ts";

/** As many as in `plan.rerun2k_s`; each of them a file that a shell writes a number into. */
const tasks = 2000;
/** A run of all of them would take Snakemake over a minute. */
const tasksRun = 100;
const repeats = 5;

/** What other runners take for a graph of as many tasks, on this machine and beside our figures: for comparison, without a bar. */
export const peerFigures: FigureGroup = {
  name: "plan",
  measure: ({ scratch, snakemake, say }) => {
    say("plan: GNU make and Snakemake on a graph of 2,000 tasks");
    const figures = [
      ...measurePeer({ name: "make", program: "make", file: "Makefile", write: makefile, argv: ["--silent"] }, scratch),
      ...measurePeer({ ...snakemakePeer, program: snakemake ?? "snakemake" }, scratch),
    ];
    return Promise.resolve(figures);
  },
};

interface Peer {
  readonly name: string;
  readonly program: string;
  readonly file: string;
  /** The graph of so many tasks. */
  readonly write: (count: number) => string;
  readonly argv: readonly string[];
}

const snakemakePeer: Omit<Peer, "program"> = {
  name: "snakemake",
  file: "Snakefile",
  write: (count) =>
    `rule all:\n    input: expand("out/{n}", n=range(${String(count)}))\n\nrule one:\n    output: "out/{n}"\n    shell: "echo {wildcards.n} > {output}"\n`,
  argv: ["--cores", "1", "--quiet", "all"],
};

function makefile(count: number): string {
  const targets = Array.from({ length: count }, (_, number) => `out/${String(number)}`).join(" ");
  return `all: ${targets}\nout/%:\n\t@echo $* > $@\n`;
}

function measurePeer(peer: Peer, scratch: string): readonly Figure[] {
  const names = [`plan.rerun2k.${peer.name}_s`, `schedule.overhead.${peer.name}_ms`] as const;
  const version = versionOf(peer.program);
  if (version === null) {
    const lacking = `There is no ${peer.program} on this machine.`;
    return names.map((figure, index) => notMeasured({ figure, unit: index === 0 ? "s" : "ms", target: "-" }, lacking));
  }
  const folder = join(scratch, peer.name);
  mkdirSync(join(folder, "out"), { recursive: true });
  // What it takes for each task beyond what it takes for none at all.
  const cold = measureRuns(peer, folder, { count: tasksRun, isCold: true });
  const none = measureRuns(peer, folder, { count: tasksRun, isCold: false });
  for (let number = 0; number < tasks; number += 1) writeFileSync(join(folder, "out", String(number)), "there");
  const unchanged = measureRuns(peer, folder, { count: tasks, isCold: false });
  const perTask = (1000 * (cold - none)) / tasksRun;
  const how = `${version}; median of ${String(repeats)}`;
  return [
    told(names[0], unchanged, "s", `${how}; ${String(tasks)} tasks whose files are there, the whole process`),
    told(
      names[1],
      perTask,
      "ms",
      `${how}; ${String(tasksRun)} tasks that write a number by a shell, less a run that finds them done`,
    ),
  ];
}

function told(figure: string, value: number, unit: string, baseline: string): Figure {
  return { figure, value, unit, target: "-", holds: null, baseline };
}

function measureRuns(peer: Peer, folder: string, graph: { readonly count: number; readonly isCold: boolean }): number {
  writeFileSync(join(folder, peer.file), peer.write(graph.count));
  const seconds: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    if (graph.isCold) rmSync(join(folder, "out"), { recursive: true });
    mkdirSync(join(folder, "out"), { recursive: true });
    const started = performance.now();
    const { status, stderr } = spawnSync(peer.program, peer.argv, { cwd: folder, encoding: "utf8" });
    seconds.push((performance.now() - started) / 1000);
    if (status !== 0) throw new Error(`${peer.program} ended with ${String(status)}:\n${stderr}`);
  }
  return median(seconds);
}

/** e.g. `GNU Make 4.3`; null where it is not there. */
function versionOf(program: BenchContext["snakemake"]): string | null {
  const { status, stdout } = spawnSync(program ?? "", ["--version"], { encoding: "utf8" });
  const [first = ""] = status === 0 ? stdout.split("\n") : [];
  if (first === "") return null;
  return /^\d/.test(first) ? `Snakemake ${first}` : first;
}
