import { missingEdition } from "../../diagnostics/catalog-check.ts";
import type { Rule } from "./rule.ts";

/** The edition says what the defaults mean, so each file names it. Other editions than 1 are refused on loading. */
export const everyFileHasItsEdition: Rule = ({ loaded, context }) => {
  for (const { path, edition } of loaded.files) {
    if (edition === null) context.report(missingEdition({ path, start: 0, end: 0 }));
  }
};
