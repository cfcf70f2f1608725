import type { OpSignature, Role } from "../signature/signature.ts";
import type { SignatureIndex } from "../signature/signature-index.ts";
import type { BoundConstructors } from "./wiring.ts";

/** Why a metric cannot be wired in a trial. */
export type WiringProblem =
  /** The sweep names no declaration of these roles. */
  | { readonly problem: "missing roles"; readonly roles: readonly Role[] }
  /** The trial's constructor of the role makes something else than `kind`, which another constructor of it makes. */
  | { readonly problem: "unfit constructor"; readonly kind: string; readonly role: Role }
  | { readonly problem: "no producer"; readonly kind: string }
  | { readonly problem: "several producers"; readonly kind: string; readonly ops: readonly string[] }
  | { readonly problem: "circle"; readonly op: string };

interface Trial {
  readonly constructors: BoundConstructors;
  readonly index: SignatureIndex;
}

/**
 * Why nothing makes a kind. A role that the trial lacks is the likeliest reason, then a declaration that makes
 * something else, then a kind that nothing makes at all.
 */
export function explainMissing(kind: string, trial: Trial): WiringProblem {
  const reason = findReason(kind, { ...trial, sought: [] });
  const [unfit] = reason.unfit;
  if (reason.unmade.length === 0 && unfit === undefined && reason.lacking.length > 0) {
    return { problem: "missing roles", roles: [...new Set(reason.lacking)] };
  }
  if (unfit !== undefined) return { problem: "unfit constructor", ...unfit };
  return { problem: "no producer", kind: reason.unmade[0] ?? kind };
}

interface Reason {
  readonly lacking: readonly Role[];
  readonly unfit: readonly { readonly role: Role; readonly kind: string }[];
  readonly unmade: readonly string[];
}

const nothingMissing: Reason = { lacking: [], unfit: [], unmade: [] };

interface Search extends Trial {
  readonly sought: readonly string[];
}

/** What is missing on the way to a kind that misses the least. */
function findReason(kind: string, search: Search): Reason {
  if (search.sought.includes(kind)) return { ...nothingMissing, unmade: [kind] };
  if (Object.values(search.constructors).some((constructor) => constructor.output === kind)) return nothingMissing;
  const inner = { ...search, sought: [...search.sought, kind] };
  const makers = [...search.index.constructors.values(), ...search.index.companions];
  const ways = makers.filter((maker) => maker.output === kind).map((maker) => reasonOfMaker(maker, inner));
  return ways.sort(byLeastMissing)[0] ?? { ...nothingMissing, unmade: [kind] };
}

function reasonOfMaker(maker: OpSignature, search: Search): Reason {
  const { role } = maker;
  if (maker.use === "constructor" && role !== undefined && search.constructors[role] !== undefined) {
    return { ...nothingMissing, unfit: [{ role, kind: maker.output }] };
  }
  const inputs = Object.values(maker.inputs).map((input) => findReason(input.kind, search));
  const own = maker.use === "constructor" && role !== undefined ? [role] : [];
  return {
    lacking: [...own, ...inputs.flatMap((input) => input.lacking)],
    unfit: inputs.flatMap((input) => input.unfit),
    unmade: inputs.flatMap((input) => input.unmade),
  };
}

function byLeastMissing(left: Reason, right: Reason): number {
  return (
    left.unmade.length - right.unmade.length ||
    left.unfit.length - right.unfit.length ||
    left.lacking.length - right.lacking.length
  );
}
