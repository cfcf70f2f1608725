import type { ParamSpec } from "@exp-lab/dsl";

/** How a table says several labels an image, and what its classes are; beside `label`, for one. */
export const labelListParams = {
  labels: {
    type: "list",
    items: { type: "string", summary: "A column name." },
    summary: "Multi-label: several columns of 0 and 1, or one column whose values stand between separators.",
    default: null,
  },
  separator: {
    type: "string",
    summary: "What stands between the values of the one column of `labels`.",
    default: null,
  },
  none: {
    type: "string",
    summary: 'With a separator: the cell that stands for no class at all, e.g. "No Finding".',
    default: null,
  },
  classes: {
    type: "list",
    items: { type: "string", summary: "A class." },
    summary:
      "The classes in order (class 1 of two is the positive one); by default those found, numbers by value, others by code unit.",
    default: null,
  },
  uncertain: {
    type: "choice",
    choices: ["refuse", "zeros", "ones", "ignore", "class"],
    summary:
      "Several label columns: what -1 becomes. 0; 1; unknown, so that neither fits nor scores of that class count the image; or 0 and a last class Uncertain.",
    default: "refuse",
  },
  blank: {
    type: "choice",
    choices: ["refuse", "zeros"],
    summary: "Several label columns: what an empty cell becomes.",
    default: "refuse",
  },
} as const satisfies Readonly<Record<string, ParamSpec>>;
