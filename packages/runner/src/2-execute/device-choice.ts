import type { Device } from "@exp-lab/ops";
import { needsForwardPasses } from "../1-plan/needs-forward-passes.ts";
import type { Plan } from "../1-plan/plan.ts";
import type { Emit } from "./events.ts";
import type { ChosenDevice } from "./execute-options.ts";

/** Where the backbones of a run compute: made and told of at the first plan that needs it, and remembered for the run. */
export interface DeviceChoice {
  /** Null for a plan that passes no image, and where nobody chooses. */
  for(plan: Plan): Promise<ChosenDevice | null>;
  /** Null until it is made. */
  readonly chosen: Device | null;
}

export function createDeviceChoice(choose: (() => Promise<ChosenDevice>) | undefined, emit: Emit): DeviceChoice {
  let made: ChosenDevice | null = null;
  return {
    for: async (plan) => {
      if (choose === undefined || !needsForwardPasses(plan)) return null;
      if (made === null) {
        made = await choose();
        emit({ event: "run.device", ...made });
      }
      return made;
    },
    get chosen() {
      return made?.device ?? null;
    },
  };
}
