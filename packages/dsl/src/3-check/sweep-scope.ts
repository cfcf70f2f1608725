import type { OpSignature, Role } from "../signature/signature.ts";
import type { CheckContext } from "./check-context.ts";
import type { CheckedAxis } from "./checked-program.ts";

/** What the parts of one sweep are checked against. */
export interface SweepScope {
  readonly sweep: string;
  /** In the order written; null where an axis has a mistake (reported). */
  readonly axes: readonly (CheckedAxis | null)[];
  /** The ops that `role.param` may mean; null where the sweep's axis of the role is missing or has a mistake. */
  readonly opsOf: (role: Role) => readonly OpSignature[] | null;
  readonly context: CheckContext;
}
