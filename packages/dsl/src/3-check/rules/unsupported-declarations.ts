import { notSupportedYet } from "../../diagnostics/catalog-check.ts";
import type { Rule } from "./rule.ts";

/** `tune`, `model` and `figure` are read by the grammar and mean nothing yet; nobody shall think that they did. */
export const noMeaningYet: Rule = ({ context }) => {
  for (const { declares, name } of context.names.named.values()) {
    if (declares !== "tune" && declares !== "model" && declares !== "figure") continue;
    context.report(notSupportedYet(name.span, `the ${declares} \`${name.text}\``));
  }
};
