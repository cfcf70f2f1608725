import { afterEach, beforeEach, expect, it } from "vitest";
import { createWorkplace, smallProgram, type Workplace } from "./command-line.ts";

let place: Workplace;
beforeEach(() => {
  place = createWorkplace();
});
afterEach(() => {
  place.close();
});

/** A search too, so that there are moments of every kind. */
const program = smallProgram.replace(
  "head logit = logistic { c: 0.1 }",
  "head logit = linear { epochs: 5  search { over { lr: [0.01, 0.1, 0.4, 1] }  select: max val.auroc } }",
);

const kills = 30;
const seed = 20_261_124;

it(
  `killed ${String(kills)} times at moments from a seed, a run loses nothing but time`,
  { timeout: 300_000 },
  async () => {
    place.write("killed.exp", program);
    const whole = await place.exp("run", "killed.exp", "--store", "undisturbed", "--quiet");
    expect(whole.exitCode).toBe(0);

    const random = randomFrom(seed);
    let store = 0;
    let completed = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const after = 150 + random() * 1500;
      const run = place.start(
        ["run", "killed.exp", "--store", `store${String(store)}`, "--quiet"],
        () => undefined,
        after,
      );
      const { exitCode, out, err } = await run;
      expect(err, `kill ${String(kill)} after ${after.toFixed(0)} ms`).toBe("");
      if (exitCode === null) continue;
      // It was faster than its end: there is a table, and the next kills begin with an empty store.
      expect(exitCode).toBe(0);
      expect(out).toBe(whole.out);
      completed += 1;
      store += 1;
    }
    for (let number = 0; number <= store; number += 1) {
      const name = `store${String(number)}`;
      const last = await place.exp("run", "killed.exp", "--store", name, "--quiet");
      expect(last.out).toBe(whole.out);
      expect((await place.exp("cache", "verify", "--store", name, "--quiet")).exitCode).toBe(0);
    }
    // Kills that all came too late would prove nothing.
    expect(completed).toBeLessThan(kills);
  },
);

/** Numbers in [0, 1) from a seed, so that a failure can be seen again. */
function randomFrom(first: number): () => number {
  let state = first;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
