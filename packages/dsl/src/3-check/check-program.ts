import type { EntryNode, SweepNode, WhereNode } from "../2-ast/ast.ts";
import type { CompileOptions } from "../compile-options.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SignatureIndex } from "../signature/signature-index.ts";
import type { CheckContext } from "./check-context.ts";
import { checkDeclarations } from "./check-declarations.ts";
import { checkParams } from "./check-params.ts";
import { checkSweep } from "./check-sweeps.ts";
import { checkTable, type SweepTable } from "./check-tables.ts";
import type { CheckedProgram, CheckedSweep } from "./checked-program.ts";
import type { LoadedProgram } from "./load-program.ts";
import { collectNames, type ProgramNames } from "./program-names.ts";
import { rules } from "./rules/rules.ts";
import { pathText } from "./value-text.ts";

interface CheckOptions extends Pick<CompileOptions, "entry" | "environment" | "settings" | "presets"> {
  readonly signatures: SignatureIndex;
}

/** What checking found: a program that may be expanded if none of the diagnostics is an error. */
export interface CheckResult {
  readonly program: CheckedProgram;
  readonly diagnostics: readonly Diagnostic[];
}

/** Looks every name up, gives every value its type, then asks the rules. Finds as many mistakes as it can in one pass. */
export function checkProgram(loaded: LoadedProgram, options: CheckOptions): CheckResult {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const used = new Set<string>();
  const names = collectNames(loaded.files, options.signatures, report);
  const params = checkParams({ ...options, names, used, report });
  const presets = new Map((options.presets ?? []).map((preset) => [preset.name, preset]));
  const context: CheckContext = { names, params, signatures: options.signatures, presets, used, report };

  const setBySweeps = findSweptParams(names);
  const declarations = checkDeclarations(context, (name) => setBySweeps.has(name));
  const sweeps = checkSweeps(names, (node) => checkSweep(node, declarations, context));
  const tables = names.tables.map((node) => checkTable(node, sweeps, context));
  const program = { declarations: declarations.all, sweeps: sweeps.all, tables };
  for (const rule of rules) {
    const isWhole = !diagnostics.some(({ severity, code }) => severity === "error" && !isOfProtocol(code));
    rule({ loaded, program, isWhole, context });
  }
  return { program, diagnostics };
}

/** A mistake of a protocol breaks nothing: every word around it is understood, so that others are looked for too. */
function isOfProtocol(code: string): boolean {
  return code.startsWith("E4");
}

function checkSweeps(names: ProgramNames, check: (node: SweepNode) => CheckedSweep | null): SweepTable {
  const all: CheckedSweep[] = [];
  const positions = new Map<string, number | null>();
  for (const [name, node] of names.sweeps) {
    const sweep = check(node);
    positions.set(name, sweep === null ? null : all.push(sweep) - 1);
  }
  return { all, positions };
}

/** Every `role.param` that an axis or a `where` sets somewhere: a declaration need not write these. */
function findSweptParams(names: ProgramNames): ReadonlySet<string> {
  const entries = [...names.sweeps.values()].flatMap((sweep) => sweep.block.entries);
  const settings = entries
    .filter((entry): entry is WhereNode => entry.kind === "where")
    .flatMap((where): readonly EntryNode[] => where.settings.entries);
  return new Set([...entries, ...settings].flatMap((entry) => (entry.kind === "field" ? [pathText(entry.key)] : [])));
}
