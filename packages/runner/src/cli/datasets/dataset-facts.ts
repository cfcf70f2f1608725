import type { DatasetConstructor, DatasetDescription } from "@exp-lab/ops";
import { formatCount } from "../../4-report/count.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { Terminal } from "../command.ts";
import { titleList } from "./dataset-list.ts";

type Screen = Pick<Terminal, "paintOut" | "width">;
type Fact = readonly [name: string, text: string];

/** All there is to say of a constructor: of several data sets what they have in common, and a line for each. */
export function datasetFacts(chosen: DatasetConstructor, screen: Screen): string {
  const { name, summary, published } = chosen;
  const { bold } = screen.paintOut;
  const head = `${bold(name)}\n${hangText({ head: "  ", indent: 2, text: summary, width: screen.width })}`;
  const facts = [...commonFacts(published), ...useFacts(chosen)];
  const lines = facts.map(([fact, text]) =>
    hangText({ head: `  ${fact.padEnd(12)}`, indent: 14, text, width: screen.width }),
  );
  return `${head}${lines.join("")}${published.length > 1 ? `\n${titleList(chosen, screen)}` : ""}`;
}

function commonFacts([first, ...others]: readonly DatasetDescription[]): readonly Fact[] {
  if (first === undefined) return [];
  const same = new Set(others.reduce((kept, each) => intersect(kept, factKeys(each)), factKeys(first)));
  return factsOf(first).filter((fact) => same.has(keyOf(fact)));
}

function intersect(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.filter((key) => others.includes(key));
}

function factKeys(description: DatasetDescription): readonly string[] {
  return factsOf(description).map(keyOf);
}

function keyOf([name, text]: Fact): string {
  return `${name}: ${text}`;
}

function factsOf(description: DatasetDescription): readonly Fact[] {
  const { title, modality, task, images, patients, splits, licence, size, source, citation } = description;
  return [
    ["title", title],
    ["modality", modality],
    ["task", task],
    ["images", images === null ? "not counted" : formatCount(images)],
    ["patients", patients === null ? "not known" : formatCount(patients)],
    ["splits", splits],
    ["licence", licence],
    ["download", size ?? "size not known"],
    ["source", source],
    ["citation", citation],
  ];
}

/** How it is used, and what is checked. */
function useFacts({ name, isCompared }: DatasetConstructor): readonly Fact[] {
  const reads = "`exp data check FILE` reads every image";
  return [
    ["parameters", `exp ops ${name}`],
    [
      "checked",
      isCompared
        ? `${reads}, and compares images, patients, classes and their positives with what is published, as far as that is known`
        : reads,
    ],
  ];
}
