import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";
import { hasPseudoTerminals, runInTerminal } from "./pseudo-terminal.ts";

/** A program with a setting whose value nobody may find in the store's records. */
const program = smallProgram.replace("exp 1\n", 'exp 1\n\nparam note = "none"\n');

/**
 * Run 1: the program as it was committed. Run 2: with a changed head, which was not. Run 3: the data set's test split has
 * grown, so that what hangs on training images alone finds its answers by their bytes.
 */
let place: Workplace;
let commit = "";
beforeAll(async () => {
  place = createWorkplace();
  place.write("small.exp", program);
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "first");
  commit = git("rev-parse", "HEAD").trim();
  expect((await place.exp("run", "small.exp", "--set", "note=hushhush")).exitCode).toBe(0);
  place.write("small.exp", program.replace("k: 5", "k: 3"));
  const second = await place.exp("run", "small.exp");
  expect(second.err).toMatch(/ · run 2\n/);
  place.write("small.exp", program.replace("k: 5", "k: 3").replace("test: 60", "test: 70"));
  expect((await place.exp("run", "small.exp")).exitCode).toBe(0);
});
afterAll(() => {
  place.close();
});

function git(...argv: readonly string[]): string {
  return execFileSync("git", argv, { cwd: place.folder, encoding: "utf8" });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

interface TaskJson {
  readonly label: string;
  readonly op: string;
  readonly version: number;
  readonly params: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, string>>;
  readonly task: string;
  readonly files: readonly { readonly name: string; readonly digest: string; readonly bytes: number }[];
  readonly madeBy: { readonly run: number; readonly seconds: number; readonly bySameBytes: boolean } | null;
  readonly rows?: readonly { readonly madeBy: string; readonly run: number; readonly rows: number }[];
}

interface RunJson {
  readonly run: number;
  readonly environment: {
    readonly repository: { readonly commit: string; readonly dirty: boolean } | null;
    readonly device: Readonly<Record<string, unknown>>;
    readonly arguments: Readonly<Record<string, unknown>>;
    readonly sources: Readonly<Record<string, string>>;
    readonly libraries: Readonly<Record<string, string>>;
  };
}

interface Provenance {
  readonly tasks: readonly TaskJson[];
  readonly runs: readonly RunJson[];
}

async function provenanceOf(...words: readonly string[]): Promise<Provenance> {
  const { out, exitCode } = await place.exp("why", "small.exp", ...words, "--json");
  expect(exitCode).toBe(0);
  const { tasks } = JSON.parse(out) as { tasks: readonly { readonly provenance: Provenance }[] };
  return tasks[0]!.provenance;
}

describe("why says where a number comes from", () => {
  it("with the whole chain, inputs first, and the runs that made it", async () => {
    const { tasks, runs } = await provenanceOf("near", "test.auroc");
    const seen = new Set<string>();
    for (const { task, inputs } of tasks) {
      expect(Object.values(inputs).every((input) => seen.has(input))).toBe(true);
      seen.add(task);
    }
    expect(tasks.map(({ op }) => op)).toEqual(expect.arrayContaining(["phantoms", "vit", "split", "extract", "knn"]));
    expect(tasks.at(-1)).toMatchObject({ op: "auroc", madeBy: { run: 3, bySameBytes: false } });
    expect(tasks.find(({ op }) => op === "knn")?.params).toMatchObject({ k: 3 });
    expect(tasks.find(({ op }) => op === "vit")?.madeBy?.run).toBe(1);
    expect(runs.map(({ run }) => run)).toEqual([1, 3]);
  });

  it("with the makers of an extraction's rows", async () => {
    const { tasks } = await provenanceOf("near", "test.auroc");
    const rows = tasks.filter(({ op }) => op === "extract").map((task) => task.rows);
    expect(rows).toHaveLength(2);
    for (const makers of rows) {
      expect(makers?.length).toBeGreaterThan(0);
      expect(makers?.every(({ madeBy }) => madeBy.startsWith("cpu onnxruntime"))).toBe(true);
    }
    expect(rows.map((makers) => makers?.reduce((sum, { rows: count }) => sum + count, 0)).sort()).toEqual([60, 70]);
  });

  it("with the run that computed it, where a later one found it by the bytes of its inputs", async () => {
    const { tasks } = await provenanceOf("logit", "test.auroc");
    const fit = tasks.find(({ op }) => op === "logistic");
    expect(fit?.madeBy).toMatchObject({ run: 1, bySameBytes: true });
    expect(fit?.madeBy?.seconds).toBeGreaterThan(0);
  });

  it("with the commit, the device, the program's text, and names of settings without their values", async () => {
    const { runs } = await provenanceOf("logit", "test.auroc");
    const [first, last] = runs;
    expect(first?.environment.repository).toEqual({ commit, dirty: false });
    expect(last?.environment.repository).toEqual({ commit, dirty: true });
    expect(first?.environment.sources).toEqual({ "small.exp": sha256(program) });
    expect(first?.environment.arguments).toEqual({ set: ["note"], jobs: 1, rehash: false });
    expect(first?.environment.device).toMatchObject({
      provider: "cpu",
      os: process.platform,
      architecture: process.arch,
    });
    expect(first?.environment.libraries["onnxruntime-node"]).toMatch(/^\d/);
    const text = JSON.stringify(await provenanceOf("logit", "test.auroc"));
    expect(text).not.toContain("hushhush");
    expect(text).not.toContain(place.folder);
  });

  it("to people, with the files first", async () => {
    const { out } = await place.exp("why", "small.exp", "near", "test.auroc");
    const places = ["Where it comes from: files", "Where it comes from: tasks", "Where it comes from: runs"];
    const found = places.map((title) => out.indexOf(title));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(found[0]).toBeGreaterThan(0);
    expect(out).toMatch(/knn · near .*\(run 3, /);
    expect(out).toContain(`commit ${commit.slice(0, 12)} with uncommitted changes`);
  });

  it("by words of a cell and of its task together", async () => {
    const ofCell = await place.exp("why", "small.exp", "near", "test.auroc");
    expect(await place.exp("why", "small.exp", "drawn", "near", "test.auroc")).toEqual(ofCell);
    expect((await place.exp("why", "small.exp", "elsewhere", "near", "test.auroc")).exitCode).toBe(2);
  });

  it.runIf(hasPseudoTerminals)("in a narrow terminal, within its width", async () => {
    const argv = ["why", "small.exp", "near", "test.auroc"];
    const environment = { NO_COLOR: "1" };
    const { output } = await runInTerminal({ folder: place.folder, argv, columns: 60, environment });
    expect(output).toContain("Where it comes from");
    const widest = Math.max(...output.split(/\r?\n/).map((line) => line.length));
    expect(widest).toBeLessThanOrEqual(60);
  });
});

it("why tells input files by their declaration, digest and size", async () => {
  const other = createWorkplace();
  // Nothing is run: for its plan, a file is its bytes.
  const names = ["train", "train", "val", "val", "test", "test"].map((split, index) => {
    other.write(`${String(index)}.png`, "12345");
    return `${String(index)}.png,${String(index % 2)},${split}`;
  });
  const list = `image,kind,part\n${names.join("\n")}\n`;
  other.write("list.csv", list);
  const csv = 'dataset drawn = csv { file: "list.csv", path: "image", label: "kind", split: "part" }';
  other.write("files.exp", smallProgram.replace(/dataset drawn = .*/, csv));
  const { out } = await other.exp("why", "files.exp", "near", "test.auroc", "--json");
  const text = await other.exp("why", "files.exp", "near", "test.auroc");
  other.close();
  const { tasks } = JSON.parse(out) as { tasks: readonly { readonly provenance: Provenance }[] };
  const files = tasks[0]!.provenance.tasks.flatMap((task) => task.files);
  expect(files).toHaveLength(2);
  const origin = { file: "files.exp", line: 3 };
  expect(files).toContainEqual(
    expect.objectContaining({
      ...{ name: "file", digest: sha256(list), bytes: list.length, count: 1 },
      origin: expect.objectContaining(origin) as unknown,
    }),
  );
  expect(files.find(({ name }) => name === "sources")).toMatchObject({ count: 6, bytes: 30, origin });
  expect(out).not.toContain(other.folder);
  expect(text.out).toContain(
    `file of csv · drawn  ${sha256(list).slice(0, 12)}  ${String(list.length)} B  (files.exp:3)`,
  );
  expect(text.out).toContain("(not made yet)");
});

interface Comparison {
  readonly runs: readonly RunJson[];
  readonly environment: readonly { readonly field: string; readonly before: string; readonly now: string }[];
  readonly tasks: {
    readonly both: readonly { readonly label: string; readonly question: string }[];
    readonly onlyBefore: readonly { readonly label: string }[];
    readonly onlyNow: readonly { readonly label: string }[];
  };
  readonly questions: {
    readonly changed: readonly unknown[];
    readonly unknown: readonly string[];
  };
  readonly scores: {
    readonly changed: readonly { readonly label: string; readonly before: number; readonly now: number }[];
    readonly same: number;
  };
}

describe("diff", () => {
  async function compare(...runs: readonly string[]): Promise<Comparison> {
    const { out, exitCode } = await place.exp("diff", ...runs, "--json");
    expect(exitCode).toBe(0);
    return JSON.parse(out) as Comparison;
  }

  it("tells the one field that changed, at its root, and the scores that it changed", async () => {
    const { tasks, questions, scores, environment } = await compare("1", "2");
    const label = tasks.both.find((task) => task.label.startsWith("knn"))?.label;
    expect(questions).toEqual({ changed: [{ label, field: "k", before: "5", now: "3" }], unknown: [] });
    expect(tasks.both).toHaveLength(20);
    expect(tasks.both.filter(({ question }) => question === "changed")).toHaveLength(7);
    expect(scores.changed.length + scores.same).toBe(4);
    expect(scores.changed.every((score) => score.label.includes("near") && score.before !== score.now)).toBe(true);
    expect(environment.map(({ field }) => field)).toEqual(["uncommitted changes", "--set", "text of small.exp"]);
  });

  it("gives the values that the tables showed", async () => {
    const { scores } = await compare("2", "last");
    const { out } = await place.exp("table", "small.exp", "--json");
    const { cells } = JSON.parse(out) as { cells: readonly { readonly mean: number; readonly metric: string }[] };
    expect(scores.changed.length).toBeGreaterThan(0);
    for (const { now } of scores.changed) expect(cells.map(({ mean }) => mean)).toContain(now);
  });

  it("finds nothing between a run and itself", async () => {
    const { tasks, questions, scores, environment } = await compare("last", "3");
    expect([tasks.onlyBefore, tasks.onlyNow, questions.changed, scores.changed, environment]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
  });

  it("speaks to people, and needs no program", async () => {
    const text = readFileSync(join(place.folder, "small.exp"), "utf8");
    rmSync(join(place.folder, "small.exp"));
    const { out, exitCode } = await place.exp("diff", "last~2", "last~1");
    place.write("small.exp", text);
    expect(exitCode).toBe(0);
    expect(out).toContain("run 1 of small.exp");
    expect(out).toMatch(/knn · near .*: k 5 -> 3\n/);
    expect(out).toContain("20 in both: 13 asked the same, 7 something else");
  });

  it.each(["17", "last~3", "lst", "-"])("refuses %s, and lists the runs that there are", async (wanted) => {
    const { err, out, exitCode } = await place.exp("diff", wanted, "last");
    expect([exitCode, out]).toEqual([2, ""]);
    expect(err).toContain(`The store has no run "${wanted}"`);
    expect(err).toMatch(/\n +3 {2}small\.exp .*\n +2 {2}small\.exp .*\n +1 {2}small\.exp /);
  });

  it("says where it looked for a store", async () => {
    const { err, exitCode } = await place.exp("diff", "1", "2", "--store", "nowhere");
    expect(exitCode).toBe(2);
    expect(err).toContain("There is no store at ");
  });
});

it("diff says of a killed run that it is not known whole", async () => {
  const other = createWorkplace();
  other.write("small.exp", smallProgram);
  await other.exp("run", "small.exp");
  other.write("small.exp", smallProgram.replace("train: 60", "train: 4000").replace("size: 64", "size: 65"));
  await other.start(["run", "small.exp"], (text, child) => {
    if (text.includes("20 tasks")) child.kill("SIGKILL");
  });
  const { out, exitCode } = await other.exp("diff", "1", "2");
  const trace = await other.exp("trace", "2");
  other.close();
  expect(exitCode).toBe(0);
  expect(out).toContain("it did not come to its end");
  expect(out).toMatch(/\d+ in run 1, and not known of run 2:/);
  expect(trace.exitCode).toBe(0);
});
