import type { Span } from "../text/source.ts";
import type { UnknownWord } from "./catalog-check.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { makeDiagnostic } from "./make-diagnostic.ts";
import { groupDigits, hintForName, listWords } from "./wording.ts";

// What can be wrong with sweeps (E160 to E179). One function each.

export const unknownAxis = ({ span, word, known }: UnknownWord): Diagnostic =>
  makeDiagnostic("E160", {
    span,
    message: `\`${word}\` is no axis: an axis is \`dataset\`, \`backbone\`, \`head\`, \`seed\` or a parameter such as \`head.k\``,
    hint: hintForName(word, known),
  });

export const emptyAxis = (span: Span, axis: string): Diagnostic =>
  makeDiagnostic("E161", { span, message: `the axis \`${axis}\` has no values`, hint: "list one value at least" });

export const duplicateValue = (span: Span, axis: string, value: { label: string; first: Span }): Diagnostic =>
  makeDiagnostic("E162", {
    span,
    message: `the axis \`${axis}\` has the value \`${value.label}\` twice`,
    hint: "keep one of the two",
    related: [{ span: value.first, message: "first listed here" }],
  });

/** `sizes`: each axis and how many values it has. */
export const sweepTooLarge = (span: Span, sweep: string, sizes: readonly (readonly [string, number])[]): Diagnostic => {
  const trials = sizes.reduce((product, [, size]) => product * BigInt(size), 1n);
  const product = sizes.map(([axis, size]) => `${axis} ${groupDigits(size)}`).join(" × ");
  return makeDiagnostic("E163", {
    span,
    message: `the sweep \`${sweep}\` has ${groupDigits(trials)} trials (${product}); the limit is ${groupDigits(mostTrials)}`,
    hint: "shorten an axis, or split the sweep",
  });
};

/** The most trials that one sweep may have, and the most values that one list or range may stand for. */
export const mostTrials = 100_000;

export const axisWithoutParam = ({ span, word, known }: UnknownWord, sweep: string): Diagnostic =>
  makeDiagnostic("E164", {
    span,
    message: `no op of the sweep \`${sweep}\` has the parameter \`${word}\``,
    hint: hintForName(word, known),
  });

export const noAxis = ({ span, word, known }: UnknownWord, sweep: string): Diagnostic =>
  makeDiagnostic("E165", {
    span,
    message: `the sweep \`${sweep}\` has no axis \`${word}\``,
    hint: hintForName(word, known),
  });

export const notOnAxis = ({ span, word, known }: UnknownWord, axis: string): Diagnostic =>
  makeDiagnostic("E166", {
    span,
    message: `the axis \`${axis}\` has no value \`${word}\``,
    hint: hintForName(word, known),
  });

export const notASetting = (span: Span, name: string): Diagnostic =>
  makeDiagnostic("E167", {
    span,
    message: `\`${name}\` cannot be set by \`where\`: it sets a parameter of a role`,
    hint: "write e.g. `where { backbone: mine } { backbone.image_size: 224 }`",
  });

export const overridesAxis = (span: Span, name: string, axis: { name: string; span: Span }): Diagnostic =>
  makeDiagnostic("E168", {
    span,
    message: `\`where\` cannot set \`${name}\`, which the axis \`${axis.name}\` of the same sweep sets`,
    hint: "remove the trials that are not wanted with `except { ... }`, or drop the axis",
    related: [{ span: axis.span, message: "the axis is here" }],
  });

export const axisNeverApplies = (span: Span, axis: string, sweep: string): Diagnostic =>
  makeDiagnostic("E169", {
    span,
    message: `the axis \`${axis}\` applies to no trial of the sweep \`${sweep}\`: none of its ops has such a parameter`,
    hint: "remove the axis",
  });

export const matchesNothing = (span: Span, word: "where" | "except", sweep: string): Diagnostic =>
  makeDiagnostic("E170", {
    span,
    message: `this \`${word}\` matches no trial of the sweep \`${sweep}\``,
    hint: "loosen its conditions, or remove it",
  });

export const settingNeverApplies = (span: Span, name: string): Diagnostic =>
  makeDiagnostic("E171", {
    span,
    message: `no trial that this \`where\` matches has the parameter \`${name}\``,
    hint: "set a parameter of an op that the trials use",
  });

export const noTrialLeft = (span: Span, sweep: string): Diagnostic =>
  makeDiagnostic("E172", {
    span,
    message: `the sweep \`${sweep}\` has no trial left: \`except\` removes them all`,
    hint: "remove one of the exceptions",
  });

export const emptySweep = (span: Span, sweep: string): Diagnostic =>
  makeDiagnostic("E173", {
    span,
    message: `the sweep \`${sweep}\` has no axis`,
    hint: "name at least a dataset, a backbone and a head",
  });

export const sweepLacksRoles = (
  span: Span,
  sweep: string,
  needs: { roles: readonly string[]; cell: Span },
): Diagnostic =>
  makeDiagnostic("E174", {
    span,
    message: `the sweep \`${sweep}\` has no ${listWords(needs.roles, "and")}, which its table needs`,
    hint: `add ${needs.roles.map((role) => `\`${role}: ...\``).join(" and ")} to the sweep`,
    related: [{ span: needs.cell, message: "needed for this cell" }],
  });
