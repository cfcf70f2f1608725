import { everyFileHasItsEdition } from "./edition.ts";
import { noAxisIsHidden } from "./hidden-axes.ts";
import type { Rule } from "./rule.ts";
import { noMeaningYet } from "./unsupported-declarations.ts";
import { everyDeclarationIsUsed } from "./unused-declarations.ts";

/** Every rule, one per file of this folder. */
export const rules: readonly Rule[] = [everyFileHasItsEdition, noMeaningYet, noAxisIsHidden, everyDeclarationIsUsed];
