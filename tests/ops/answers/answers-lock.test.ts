import { describe, expect, it } from "vitest";
import {
  compareWithLock,
  renewLock,
  writeLock,
  type AnswersLock,
  type LockedAnswer,
  type LockedOp,
} from "./answers-lock.ts";

const first: LockedOp = {
  version: 2,
  inputs: { features: "semantic", images: "locator" },
  params: {
    k: { meaning: "semantic", default: 5 },
    lr: { meaning: "semantic" },
    batch_size: { meaning: "cosmetic", default: 4 },
  },
  answers: { small: { exactly: "aa" }, large: near("0.5 0.25 -Infinity") },
};
const second: LockedOp = { version: 1, inputs: {}, params: {}, answers: { small: { exactly: "bb" } } };
const lock: AnswersLock = { first, second };

describe("an answer that has changed", () => {
  it("fails under the op's name while the version stays", () => {
    expect(compareWithLock(lock, lock)).toEqual([]);
    expect(compareWithLock(withAnswer({ small: { exactly: "ab" } }), lock)).toEqual([
      `The answer of \`first\` has changed (small: its bytes are others): raise its version, then write the lock anew with ${writeLock}`,
    ]);
  });

  it.each([
    ["0.5 0.25 -Infinity", []],
    ["0.500001 0.249999 -Infinity", []],
    ["0.5003 0.25 -Infinity", ["numbers was 0.5 0.25 -Infinity, and is 0.5003 0.25 -Infinity"]],
    ["0.5 0.25 Infinity", ["numbers was 0.5 0.25 -Infinity, and is 0.5 0.25 Infinity"]],
    ["0.5 0.25 NaN", ["numbers was 0.5 0.25 -Infinity, and is 0.5 0.25 NaN"]],
    ["0.5 0.25", ["numbers was Float64Array[3], and is Float64Array[2]"]],
  ])("is one beyond the last bits where it is compared nearly: %s", (some, differences) => {
    const messages = compareWithLock(withAnswer({ large: near(some) }), lock);
    expect(messages.map((message) => /\(large: (.*)\)/.exec(message)?.[1])).toEqual(differences);
  });

  it("is one in its fields too, and where it is compared in another way", () => {
    const named = near("0.5 0.25 -Infinity", { names: ["no", "yes"] });
    expect(compareWithLock(withAnswer({ large: named }), lock)[0]).toContain(
      'its fields were {"names":["yes","no"]}, and are {"names":["no","yes"]}',
    );
    expect(compareWithLock(withAnswer({ large: { exactly: "aa" } }), lock)[0]).toContain("compared in another way");
  });

  it("is not written down, while everything else is", () => {
    const found = { ...withAnswer({ small: { exactly: "ab" } }), third: second };
    const renewed = renewLock(found, lock);
    expect(renewed).toEqual({ first, second, third: second });
    expect(compareWithLock(found, renewed)).toEqual(compareWithLock(withAnswer({ small: { exactly: "ab" } }), lock));
  });

  it("is written down once the version went up", () => {
    const { first: changed } = withAnswer({ small: { exactly: "ab" } });
    const found = { ...lock, first: { ...changed!, version: 3 } };
    expect(compareWithLock(found, lock)).toEqual([
      `The lock holds version 2 of \`first\`, which has 3 now: write it anew with ${writeLock}`,
    ]);
    expect(renewLock(found, lock)).toEqual(found);
  });
});

it("an op without an entry, and an entry without an op, are named", () => {
  expect(compareWithLock({ first, third: second }, lock)).toEqual([
    `The lock has an entry for \`second\`, which is no op: write it anew with ${writeLock}`,
    `The lock has no entry for \`third\`: write it anew with ${writeLock}`,
  ]);
  expect(renewLock({ first, third: second }, lock)).toEqual({ first, third: second });
});

it("a version that went down is refused, and stays in the lock", () => {
  const found = { ...lock, first: { ...first, version: 1 } };
  expect(compareWithLock(found, lock)).toEqual(["`first` has version 1, but the lock has 2: versions only go up."]);
  expect(renewLock(found, lock)).toEqual(lock);
});

describe("a parameter", () => {
  it.each([
    ["default", { k: { meaning: "semantic", default: 6 } }, "of `first` has another default (5 -> 6)"],
    ["lost default", { k: { meaning: "semantic" } }, "of `first` has another default (5 -> none)"],
    ["meaning", { k: { meaning: "cosmetic", default: 5 } }, "of `first` has become cosmetic"],
  ] as const)("does not change its %s under the same version", (_, params, message) => {
    const found = { ...lock, first: { ...first, params: { ...first.params, ...params } } };
    const [only, ...others] = compareWithLock(found, lock);
    expect(only).toContain(`The parameter \`k\` ${message}`);
    expect(others).toEqual([]);
    expect(renewLock(found, lock)).toEqual(lock);
  });

  it.each([
    ["new", { ...first.params, c: { meaning: "semantic", default: 1 } }],
    ["cosmetic and has another default", { ...first.params, batch_size: { meaning: "cosmetic", default: 8 } }],
    ["semantic now", { ...first.params, batch_size: { meaning: "semantic", default: 4 } }],
  ] as const)("that is %s needs no version, but its place in the lock", (_, params) => {
    const found = { ...lock, first: { ...first, params } };
    expect(compareWithLock(found, lock)).toEqual([
      `The cases, parameters or inputs of \`first\` are not those of the lock: write it anew with ${writeLock}`,
    ]);
    expect(renewLock(found, lock)).toEqual(found);
  });
});

it("an input that leaves the fingerprint asks for a version", () => {
  const found = { ...lock, first: { ...first, inputs: { features: "locator", images: "locator" } as const } };
  expect(compareWithLock(found, lock)[0]).toContain("The input `features` of `first` has become a locator");
  expect(renewLock(found, lock)).toEqual(lock);
});

it("writing the lock anew leaves numbers that are near enough as they stand", () => {
  const found = withAnswer({ large: near("0.500001 0.25 -Infinity"), new: { exactly: "cc" } });
  expect(renewLock(found, lock)).toEqual(withAnswer({ new: { exactly: "cc" } }));
});

function withAnswer(answers: LockedOp["answers"]): AnswersLock {
  return { ...lock, first: { ...first, answers: { ...first.answers, ...answers } } };
}

function near(some: string, fields = { names: ["yes", "no"] }): LockedAnswer {
  const arrays = { numbers: { type: "Float64Array", length: some.split(" ").length, some } };
  return { nearly: { fields, arrays } };
}
