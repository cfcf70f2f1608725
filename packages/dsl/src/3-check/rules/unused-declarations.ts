import { neverUsed } from "../../diagnostics/catalog-check.ts";
import type { Rule } from "./rule.ts";

/**
 * A declaration, param or sweep of the entry that nothing refers to is likely a slip. Imported files are libraries, and
 * so is an entry without sweeps and tables: theirs may go unused.
 */
export const everyDeclarationIsUsed: Rule = ({ loaded, isWhole, context }) => {
  if (!isWhole) return;
  const { declarations } = loaded.entry;
  if (!declarations.some(({ kind }) => kind === "sweep" || kind === "table")) return;
  for (const declaration of declarations) {
    if (declaration.kind !== "named" && declaration.kind !== "sweep") continue;
    const kind = declaration.kind === "sweep" ? "sweep" : declaration.declares;
    if (kind === "tune" || kind === "model" || kind === "figure") continue;
    const { name } = declaration;
    if (!context.used.has(name.text)) context.report(neverUsed(name.span, kind, name.text));
  }
};
