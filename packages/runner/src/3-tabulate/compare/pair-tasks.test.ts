import { expect, it } from "vitest";
import type { Fingerprint } from "../../hash/digests.ts";
import type { AskedTask } from "../../store/store.ts";
import { pairTasks } from "./pair-tasks.ts";

/** Tasks written as `label question`. */
function tasksOf(...texts: readonly string[]): readonly AskedTask[] {
  return texts.map((text) => {
    const [label = "", question = ""] = text.split(" ");
    return { label, fingerprint: question as Fingerprint, outcome: "computed", reason: null, score: null };
  });
}

it.each([
  ["the same", ["a 1", "b 2"], ["b 2", "a 1"], ["b2=b2", "a1=a1"], [], []],
  ["another question", ["a 1"], ["a 2"], ["a1=a2"], [], []],
  ["a new name", ["a 1"], ["b 1"], ["a1=b1"], [], []],
  ["names exchanged", ["a 1", "b 2"], ["a 2", "b 1"], ["a1=a2", "b2=b1"], [], []],
  ["a name given on", ["a 1"], ["a 2", "b 1"], ["a1=a2"], [], ["b1"]],
  ["a name twice", ["a 1", "a 2"], ["a 2", "a 3"], ["a2=a2", "a1=a3"], [], []],
  ["come and gone", ["a 1", "b 2"], ["b 2", "c 3"], ["b2=b2"], ["a1"], ["c3"]],
])("%s", (_, before, now, both, onlyBefore, onlyNow) => {
  const name = ({ label, fingerprint }: AskedTask): string => label + fingerprint;
  const paired = pairTasks(tasksOf(...before), tasksOf(...now));
  expect(paired.both.map((pair) => `${name(pair.before)}=${name(pair.now)}`)).toEqual(both);
  expect(paired.onlyBefore.map(name)).toEqual(onlyBefore);
  expect(paired.onlyNow.map(name)).toEqual(onlyNow);
});
