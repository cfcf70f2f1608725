import type { TaskFinished } from "../2-execute/events.ts";
import { countOf } from "./count.ts";

/** After the first, which is told in full, so many failures for the same reason are named; the others are counted. */
const named = 3;

/** How a failure is to be told: in full, by its name, or not until the end. */
export type FailureTelling = "full" | "name" | "later";

/** Hundreds of tasks may fail for one reason: says how much of each failure is news. */
export class FailureGroups {
  readonly #counts = new Map<string, number>();

  add({ failure }: Pick<TaskFinished, "failure">): FailureTelling {
    if (failure === undefined) return "full";
    const reason = [failure.message, failure.hint ?? ""].join("\n");
    const count = (this.#counts.get(reason) ?? 0) + 1;
    this.#counts.set(reason, count);
    if (count === 1) return "full";
    return count <= 1 + named ? "name" : "later";
  }

  /** One line for each reason that not all failures were told of. */
  rest(): readonly string[] {
    return [...this.#counts].flatMap(([reason, count]) => {
      const untold = count - 1 - named;
      const [first = ""] = reason.split("\n");
      return untold > 0 ? [`${countOf(untold, "more task")} failed for this reason: ${first}`] : [];
    });
  }
}
