import type { Choice } from "@exp-lab/ops";
import type { Explanation } from "../../1-plan/explain.ts";
import type { PlannedTask } from "../../1-plan/plan.ts";
import type { Provenance } from "../../3-tabulate/find-provenance.ts";

/** What `exp why` says of one task. */
export interface Explained {
  readonly planned: PlannedTask;
  readonly explanation: Explanation;
  /** Of the search that it hangs on. */
  readonly choice: Choice | null;
  readonly provenance: Provenance;
}
