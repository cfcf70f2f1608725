import { describeDatasets, type DatasetConstructor } from "@exp-lab/ops";
import { hangText } from "../../4-report/hanging-text.ts";
import type { CommandDefinition } from "../command.ts";
import { chooseDatasets } from "../datasets/choose-datasets.ts";
import { datasetFacts } from "../datasets/dataset-facts.ts";
import { datasetList } from "../datasets/dataset-list.ts";
import { datasetMarkdown } from "../datasets/dataset-markdown.ts";
import { exitCodes } from "../exit-codes.ts";

/** `exp datasets [NAME]`: the published data sets that have a constructor of their own, and the formats for others. */
export const datasetsCommand: CommandDefinition = {
  name: "datasets",
  summary: "published data sets: sizes, licences, splits, sources",
  arguments: [{ name: "name", summary: "one of them, by constructor or title", isOptional: true }],
  options: [{ flags: "--format <name>", summary: "how the list is printed", choices: ["text", "md"], default: "text" }],
  run: ({ arguments: [name], options }, terminal) => {
    const all = describeDatasets();
    const chosen = name === undefined ? all : [chooseDatasets(name, all)];
    const { out, width } = terminal;
    if (options.json) out(`${JSON.stringify({ version: 1, ...toJson(chosen) })}\n`);
    else if (options.own["format"] === "md") out(datasetMarkdown(chosen));
    else if (name === undefined) {
      out(datasetList(chosen, terminal));
      const hint =
        "Write one as a constructor, `dataset mine = NAME { .. }`; `exp datasets NAME` says where it comes from and how it is split.";
      out(`\n${hangText({ head: "", indent: 0, text: hint, width })}`);
    } else for (const each of chosen) out(datasetFacts(each, terminal));
    return Promise.resolve(exitCodes.done);
  },
};

/** A list of data sets, each with its constructor's name, and a list of formats. */
function toJson(chosen: readonly DatasetConstructor[]): object {
  return {
    datasets: chosen.flatMap(({ name, isCompared, published }) =>
      published.map((each) => ({ name, ...each, isCompared })),
    ),
    formats: chosen
      .filter(({ published }) => published.length === 0)
      .map(({ name, summary, isCompared }) => ({ name, summary, isCompared })),
  };
}
