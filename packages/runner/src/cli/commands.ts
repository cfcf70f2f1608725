import type { CommandDefinition } from "./command.ts";
import { backbonesCommand } from "./commands/backbones.ts";
import { cacheCommand } from "./commands/cache.ts";
import { checkCommand } from "./commands/check.ts";
import { dataCommand } from "./commands/data.ts";
import { datasetsCommand } from "./commands/datasets.ts";
import { diffCommand } from "./commands/diff.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { exportCommand } from "./commands/export.ts";
import { fetchCommand } from "./commands/fetch.ts";
import { fmtCommand } from "./commands/fmt.ts";
import { graphCommand } from "./commands/graph.ts";
import { lockCommand } from "./commands/lock.ts";
import { opsCommand } from "./commands/ops.ts";
import { planCommand } from "./commands/plan.ts";
import { runCommand } from "./commands/run.ts";
import { tableCommand } from "./commands/table.ts";
import { traceCommand } from "./commands/trace.ts";
import { whyCommand } from "./commands/why.ts";

/** Every command of `exp`, in the order of its help. A new command is a file and a line here. */
export const commands: readonly CommandDefinition[] = [
  checkCommand,
  fmtCommand,
  planCommand,
  runCommand,
  tableCommand,
  whyCommand,
  diffCommand,
  traceCommand,
  graphCommand,
  dataCommand,
  lockCommand,
  fetchCommand,
  exportCommand,
  opsCommand,
  backbonesCommand,
  datasetsCommand,
  cacheCommand,
  doctorCommand,
];

/** Names that the command line keeps for what comes: they are refused with a word on why. */
export const keptNames: readonly string[] = [
  "explain",
  "report",
  "watch",
  "replay",
  "attach",
  "init",
  "lsp",
  "pack",
  "verify",
];
