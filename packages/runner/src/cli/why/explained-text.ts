import type { Change, Explanation } from "../../1-plan/explain.ts";
import type { PlannedTask } from "../../1-plan/plan.ts";
import { formatMoment } from "../../4-report/describe-run.ts";
import { formatDuration } from "../../4-report/duration.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { Terminal } from "../command.ts";
import { choiceText } from "./choice-text.ts";
import type { Explained } from "./explained.ts";
import { provenanceText } from "./provenance-text.ts";

/** One task explained, for people. `never` is said of a task that has no history. */
export function explainedText(
  { planned, explanation, choice, provenance }: Explained,
  never: string,
  terminal: Terminal,
): string {
  const { paintOut, width } = terminal;
  const head = `${paintOut.bold(planned.task.label)}  ${paintOut.dim(planned.task.id)}\n`;
  const body = sentences(planned, explanation, never).map((text) => hangText({ head: "  ", indent: 2, text, width }));
  const changes = "changes" in explanation ? explanation.changes : [];
  const list = changes.map((change) => hangText({ head: "    ", indent: 4, text: changeLine(change), width }));
  const chosen = choice === null ? "" : choiceText(choice, width);
  return head + body.join("") + list.join("") + chosen + provenanceText(provenance, terminal);
}

/** `never` is said of a task that has no history. Changes follow the last sentence. */
function sentences(planned: PlannedTask, explanation: Explanation, never: string): readonly string[] {
  switch (explanation.kind) {
    case "stored": {
      const maker = explanation.madeBy;
      const made =
        maker === null
          ? "It is stored: inputs of the very same bytes were answered before, so that it need not run."
          : maker.seconds === 0
            ? `It is stored: run ${String(maker.run)} of ${maker.program} took it over on ${formatMoment(maker.startedAt)}, since inputs of the very same bytes had been answered before.`
            : `It is stored: made by run ${String(maker.run)} of ${maker.program} on ${formatMoment(maker.startedAt)} in ${formatDuration(maker.seconds).replaceAll(" ", "\u00a0")}.`;
      return explanation.changes.length === 0 ? [made] : [made, "That run had to make it, since this had changed:"];
    }
    case "changed":
      return explanation.changes.length === 0
        ? [verb(planned), "What it asked before is no longer known."]
        : [`${verb(planned)} This has changed:`];
    case "unanswered":
      return [`${verb(planned)} ${lastTry(explanation.outcome, formatMoment(explanation.when))}`];
    case "new":
      return [`${verb(planned)} ${never}`];
    case "unhashed":
      return ["Files that it hangs on have not been read yet; `exp run` reads them first."];
  }
}

/** An answer that was there once can be gone: removed by `exp cache gc`, or damaged. */
function lastTry(outcome: string, when: string): string {
  return outcome === "computed" || outcome === "cached"
    ? `It was answered on ${when}, but the answer is not stored any more.`
    : `It was tried on ${when} and ended as "${outcome}".`;
}

function verb({ status }: PlannedTask): string {
  return status === "maybe"
    ? "It would run only if an input that must run gives other bytes than before."
    : "It would run.";
}

function changeLine(change: Change): string {
  const { file, line, column } = change.origin;
  return `${change.task.label}: ${change.field} ${change.before} -> ${change.now} (${file}:${String(line)}:${String(column)})`;
}
