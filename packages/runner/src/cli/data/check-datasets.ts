import { inspectDataset, OpError, type DatasetFault, type DatasetInspection, type InspectOptions } from "@exp-lab/ops";
import { plainText } from "../../3-tabulate/formats/grid.ts";
import { formatCount } from "../../4-report/count.ts";
import { openProgressLine } from "../cache/progress-line.ts";
import type { CallOptions, Terminal } from "../command.ts";
import type { ProgramDataset } from "./find-datasets.ts";
import type { Finding } from "./finding.ts";
import { findingsOf } from "./findings.ts";

/** What was found out about a data set: what it holds, or why that cannot be said. */
export interface CheckedDataset {
  readonly dataset: ProgramDataset;
  readonly outcome: { readonly inspection: DatasetInspection } | { readonly failure: DatasetFault };
  readonly findings: readonly Finding[];
  /** False where a run would refuse the data set, or images are missing or unreadable. */
  readonly isFine: boolean;
}

interface CheckOptions {
  readonly signal: AbortSignal;
  readonly options: CallOptions;
  readonly terminal: Terminal;
}

/** One after the other; null where it was interrupted. Says how far it is once it takes long. */
export async function checkDatasets(
  datasets: readonly ProgramDataset[],
  { signal, options, terminal }: CheckOptions,
): Promise<readonly CheckedDataset[] | null> {
  const line = openProgressLine(options, terminal);
  const startedAt = performance.now();
  const checked: CheckedDataset[] = [];
  try {
    for (const dataset of datasets) {
      const name = plainText(dataset.name);
      const progress: InspectOptions["progress"] = (step, done, total) => {
        if (performance.now() - startedAt < patience) return;
        const what = step === "listing" ? "listing" : "reading images";
        line.show(`${name}: ${what}, ${formatCount(done)} of ${formatCount(total)} ...`);
      };
      checked.push(judge(dataset, await inspect(dataset, { signal, progress })));
    }
    return checked;
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  } finally {
    line.clear();
  }
}

/** What takes no longer than this is not worth a word (ms). */
const patience = 2000;

async function inspect({ op, params }: ProgramDataset, hooks: InspectOptions): Promise<CheckedDataset["outcome"]> {
  try {
    return { inspection: await inspectDataset(op, params, hooks) };
  } catch (error) {
    if (!(error instanceof OpError)) throw error;
    const { code, message, hint } = error;
    return { failure: { code, message, hint } };
  }
}

function judge(dataset: ProgramDataset, outcome: CheckedDataset["outcome"]): CheckedDataset {
  const findings = "failure" in outcome ? [] : findingsOf(outcome.inspection, dataset.leakRules);
  const isFine = !("failure" in outcome) && findings.every(({ isBad }) => !isBad);
  return { dataset, outcome, findings, isFine };
}
