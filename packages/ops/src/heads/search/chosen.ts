import type { Chosen } from "../../artifacts/choice.ts";
import { inputOf } from "../../op-context.ts";
import type { SingleOp } from "../../op.ts";

const signature = {
  name: "chosen",
  version: 1,
  summary: "What a search chose, without what it chose among.",
  use: "chosen",
  role: "head",
  params: {},
  inputs: { choice: { kind: "choice", summary: "The choice, with all points and scores." } },
  output: "chosen",
} as const;

/** The settings and what has to be said of them: as long as these stay the same, nothing that hangs on them runs again. */
export const chosen: SingleOp = {
  shape: "single",
  signature,
  deterministic: true,
  libraries: [],
  run: async (context): Promise<Chosen> => {
    const { settings, notes } = inputOf(context, "choice", "choice");
    return { settings, notes };
  },
};
