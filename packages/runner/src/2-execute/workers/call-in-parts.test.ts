import { expect, it } from "vitest";
import { callInParts, type Caller } from "./call-in-parts.ts";
import type { SentCall } from "./worker-messages.ts";
import type { CallAnswer } from "../executor.ts";

const call: SentCall = {
  op: "any",
  params: {},
  members: Array.from({ length: 7 }, (_, lr) => ({ lr })),
  mostParts: 3,
  inputs: {},
  fileDigests: {},
  pseudonymKey: new Uint8Array(32),
};
const hooks = { signal: new AbortController().signal, onProgress: () => undefined };

/** Answers that tell which caller had which member. */
const caller =
  (name: string): Caller =>
  ({ members = [] }) =>
    Promise.resolve(members.map(({ lr }) => answer(`${name}:${String(lr)}`)));

const answer = (kind: string): CallAnswer => ({
  ok: true,
  kind,
  bytes: new Uint8Array(),
  digest: "" as Extract<CallAnswer, { ok: true }>["digest"],
});

const kindsOf = (answers: readonly CallAnswer[]): readonly string[] =>
  answers.map((each) => (each.ok ? each.kind : each.failure.code));

it("shares members out evenly, and answers in their order", async () => {
  const answers = await callInParts(["a", "b"].map(caller), call, hooks);
  expect(kindsOf(answers)).toEqual(["a:0", "a:1", "a:2", "b:3", "b:4", "b:5", "b:6"]);
});

it("makes no more parts than the call allows", async () => {
  const answers = await callInParts(["a", "b", "c", "d"].map(caller), call, hooks);
  expect(kindsOf(answers)).toEqual(["a:0", "a:1", "b:2", "b:3", "c:4", "c:5", "c:6"]);
});

it("leaves a call that says nothing of parts as it is", async () => {
  const { members: _, mostParts: __, ...single } = call;
  const heard: SentCall[] = [];
  const listening: Caller = (each) => {
    heard.push(each);
    return Promise.resolve([answer("single")]);
  };
  expect(kindsOf(await callInParts([listening, listening], single, hooks))).toEqual(["single"]);
  expect(heard).toEqual([single]);
});

it("adds up what the parts have done", async () => {
  const heard: (readonly [number, number])[] = [];
  const working: Caller = async (part, { onProgress }) => {
    onProgress(1, 4);
    await Promise.resolve();
    onProgress(4, 4);
    return (part.members ?? []).map(() => answer("done"));
  };
  await callInParts([working, working], call, { ...hooks, onProgress: (done, total) => heard.push([done, total]) });
  expect(heard).toEqual([
    [1, 4],
    [2, 8],
    [5, 8],
    [8, 8],
  ]);
});

it("fails the members of a caller that is lost, and no others", async () => {
  const lost: Caller = ({ members = [] }) =>
    Promise.resolve(
      members.map(() => ({ ok: false, failure: { code: "worker-lost", message: "", hint: "", stack: null } })),
    );
  const answers = await callInParts([lost, caller("b")], call, hooks);
  expect(kindsOf(answers)).toEqual(["worker-lost", "worker-lost", "worker-lost", "b:3", "b:4", "b:5", "b:6"]);
});
