import type { OpSignature } from "@exp-lab/dsl";
import type { AuditedIndex } from "../artifacts/audited.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { inputOf, paramsOf } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { ParamsOf, SingleOp } from "../op.ts";
import { describeAllowed, describeContradictions, describeDropped, describeLeak, idPair } from "./describe-leaks.ts";
import { dropLeaks } from "./drop-leaks.ts";
import type { BagFault } from "./find-bag-faults.ts";
import { findLeaks, type Leak } from "./find-leaks.ts";

const signature = {
  name: "audit",
  version: 1,
  summary:
    "The data set's index after a search for what leaks: identical images and patients in two splits, torn bags.",
  use: "companion",
  role: "dataset",
  params: {
    leaks: {
      type: "choice",
      choices: ["error", "drop", "allow"],
      summary:
        "What happens to an image or a patient in two splits: the run stops; it leaves train or val, never test; or it stays, for a reason.",
      default: "error",
    },
    leaks_reason: {
      type: "string",
      summary: "With `leaks: allow`: why they may stay; it stands under every table.",
      default: null,
      idleWhere: [{ leaks: ["error", "drop"] }],
    },
  },
  inputs: { dataset: { kind: "dataset", summary: "The data set's index." } },
  output: "audited",
} as const satisfies OpSignature;

/** @throws OpError `leak`, `leaks-reason`, `bag-torn` or `bag-contradiction` */
export const audit: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context) => {
    const params = paramsOf(signature, context);
    return auditIndex(inputOf(context, "dataset", "dataset"), params);
  },
};

/** What the data set itself has to say comes first. */
function auditIndex(dataset: DatasetIndex, params: ParamsOf<(typeof signature)["params"]>): AuditedIndex {
  const audited = auditLeaks(dataset, params);
  return { ...audited, notes: [...(dataset.notes ?? []), ...audited.notes] };
}

function auditLeaks(dataset: DatasetIndex, params: ParamsOf<(typeof signature)["params"]>): AuditedIndex {
  const reason = checkReason(params);
  const report = findLeaks(dataset);
  const [fault] = report.bagFaults;
  if (fault !== undefined) throw bagError(fault);
  if (report.leaks.length === 0) return { ...dataset, notes: report.repeats.flatMap(describeContradictions) };
  if (params.leaks === "error") throw leakError(report.leaks);
  if (params.leaks === "allow") {
    const allowed = report.leaks.map((leak) => describeAllowed(leak, reason));
    return { ...dataset, notes: [...allowed, ...report.repeats.flatMap(describeContradictions)] };
  }
  const { index, dropped } = dropLeaks(dataset);
  return {
    ...index,
    notes: [...dropped.map(describeDropped), ...findLeaks(index).repeats.flatMap(describeContradictions)],
  };
}

/** The reason with one full stop; empty where none is due. @throws OpError `leaks-reason` */
function checkReason({ leaks, leaks_reason: reason }: ParamsOf<(typeof signature)["params"]>): string {
  const words = (reason ?? "").trim();
  if (words !== "" || leaks !== "allow") return words.replace(/\.$/, "");
  throw new OpError(
    "leaks-reason",
    "`leaks: allow` is written without a reason.",
    'Say why by `leaks_reason: "..."`; it stands under every table.',
  );
}

function leakError(leaks: readonly Leak[]): OpError {
  const [first] = leaks;
  return new OpError(
    "leak",
    `The splits of the data set leak: ${leaks.map(describeLeak).join("; ")}.${first === undefined ? "" : ` The first: ${idPair(first.examples)}.`}`,
    'Write `leaks: drop` to leave them out of the earlier split, or `leaks: allow` with a `leaks_reason: "..."`; `exp data check` lists them.',
  );
}

function bagError({ kind, bags, examples }: BagFault): OpError {
  const count = `${String(bags)} ${bags === 1 ? "bag has" : "bags have"}`;
  if (kind === "torn") {
    return new OpError(
      "bag-torn",
      `${count} images in more than one split, e.g. ${idPair(examples)}.`,
      "Put all images of a bag into one split.",
    );
  }
  return new OpError(
    "bag-contradiction",
    `${count} images ${kind === "labels" ? "with different labels" : "of different patients"}, e.g. ${idPair(examples)}.`,
    "All images of a bag have one label and one patient: mend them, or the column that names the bags.",
  );
}
