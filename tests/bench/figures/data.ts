import type { FigureGroup } from "../figure.ts";
import { indexFigures } from "./data-index.ts";
import { decodingFigures } from "./decoding.ts";
import { studyLoopFigures } from "./study-loop.ts";

/** What reading data takes: indexing a large set, decoding each format, and passing images once instead of at every step. */
export const dataFigures: FigureGroup = {
  name: "data",
  measure: async (context) => [
    ...indexFigures(context),
    ...(await decodingFigures(context)),
    ...(await studyLoopFigures(context)),
  ],
};
