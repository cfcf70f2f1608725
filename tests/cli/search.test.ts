import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

const searched = smallProgram
  .replace("logistic { c: 0.1 }", "linear { epochs: 2000  search { over { lr: [0.01, 0.1, 1] } } }")
  .replace("head: [near, logit]", "head: logit");

let place: Workplace;
beforeAll(() => {
  place = createWorkplace();
  place.write("search.exp", searched);
  place.write("wider.exp", searched.replace("[0.01, 0.1, 1]", "[0.01, 0.1, 1, 3]"));
});
afterAll(() => {
  place.close();
});

interface Finished {
  readonly event: string;
  readonly op?: string;
  readonly outcome?: string;
  readonly label?: string;
}

function eventsOf(out: string): readonly Finished[] {
  return out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Finished);
}

/** What the refit of a program hangs on: the chosen settings and their notes. */
async function chosenBy(program: string): Promise<string> {
  const { out } = await place.exp("why", program, "logit", "test.auroc", "--store", "store", "--json");
  const { tasks } = JSON.parse(out) as { tasks: { choice: { settings: unknown; notes: unknown } }[] };
  const { settings, notes } = tasks[0]?.choice ?? {};
  return JSON.stringify({ settings, notes });
}

describe("a program with a search", () => {
  it("ends in the same bytes after a kill in the middle of training", async () => {
    const training = /"event":"task.progress","task":"linear:/;
    const killed = await place.start(["run", "search.exp", "--store", "killed", "--json"], (text, child) => {
      if (training.test(text)) child.kill("SIGKILL");
    });
    expect(killed.exitCode).toBeNull();
    expect(eventsOf(killed.out.slice(0, killed.out.lastIndexOf("\n"))).some(({ op }) => op === "select")).toBe(false);

    const resumed = await place.exp("run", "search.exp", "--store", "killed", "--quiet");
    const undisturbed = await place.exp("run", "search.exp", "--store", "store", "--quiet");
    expect(resumed).toEqual(undisturbed);
    const exports = ["killed", "store"].map((store) =>
      place.exp("export", "predictions", "search.exp", "--store", store, "--out", `of-${store}`),
    );
    await Promise.all(exports);
    const { out } = await place.shell("diff -r of-killed of-store && ls of-store");
    expect(out.split("\n").filter((name) => name.endsWith(".npz"))).toHaveLength(4);
  });

  it("trains one head where a rate is added", async () => {
    const { out, exitCode } = await place.exp("run", "wider.exp", "--store", "store", "--json");
    expect(exitCode).toBe(0);
    const computed = eventsOf(out).filter(({ op, outcome }) => op === "linear" && outcome === "computed");
    expect(computed[0]?.label).toBe("linear · logit · fine · drawn · lr=3");
    // The refit runs again only where the search has come to another head, or has something else to say of it.
    const [before, after] = [await chosenBy("search.exp"), await chosenBy("wider.exp")];
    expect(computed).toHaveLength(before === after ? 1 : 2);
  });

  it("tells by `why` what was chosen, among what", async () => {
    const { out } = await place.exp("why", "search.exp", "logit", "test.auroc", "--store", "store");
    expect(out).toContain("Its search chose among 3 points by auroc on validation:");
    expect(out.match(/ {4}\d\.\d{4} {2}lr \d/g)).toHaveLength(3);
    expect(out.match(/<- chosen/g)).toHaveLength(1);
  });
});
