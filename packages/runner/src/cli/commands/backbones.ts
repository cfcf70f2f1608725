import { nearestNames } from "@exp-lab/dsl";
import { describeBackbones, type BackboneDescription } from "@exp-lab/ops";
import { hangText } from "../../4-report/hanging-text.ts";
import { backboneFacts, backboneTable, backboneMarkdown } from "../backbones/backbone-texts.ts";
import type { CommandDefinition } from "../command.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** `exp backbones [NAME]`: the networks that a program may name without saying where their weights lie. */
export const backbonesCommand: CommandDefinition = {
  name: "backbones",
  summary: "published networks: sizes, licences, sources, digests",
  arguments: [{ name: "name", summary: "one of them", isOptional: true }],
  options: [{ flags: "--format <name>", summary: "how the list is printed", choices: ["text", "md"], default: "text" }],
  run: ({ arguments: [name], options }, terminal) => {
    const all = describeBackbones();
    const chosen = name === undefined ? all : [find(name, all)];
    const { out, width, paintOut } = terminal;
    if (options.json) out(`${JSON.stringify({ version: 1, backbones: chosen })}\n`);
    else if (options.own["format"] === "md") out(backboneMarkdown(chosen));
    else if (name === undefined) {
      out(backboneTable(chosen, paintOut));
      const hint =
        "Write one as a constructor, `backbone mine = dinov2_vitb14 {}`; `exp backbones NAME` says where its weights lie.";
      out(`\n${hangText({ head: "", indent: 0, text: hint, width })}`);
    } else for (const backbone of chosen) out(backboneFacts(backbone, terminal));
    return Promise.resolve(exitCodes.done);
  },
};

function find(name: string, all: readonly BackboneDescription[]): BackboneDescription {
  const found = all.find((backbone) => backbone.name === name);
  if (found !== undefined) return found;
  const names = all.map((backbone) => backbone.name);
  const [nearest] = nearestNames(name, names);
  throw new CommandError(
    exitCodes.wrong,
    `There is no published backbone "${name}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`,
    "`exp backbones` lists them.",
  );
}
