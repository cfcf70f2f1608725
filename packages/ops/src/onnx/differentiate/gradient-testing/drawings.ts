import type { Drawing } from "./drawing.ts";
import { activationDrawings } from "./drawings/activations.ts";
import { arithmeticDrawings } from "./drawings/arithmetic.ts";
import { choiceDrawings } from "./drawings/choices.ts";
import { convolutionDrawings } from "./drawings/convolutions.ts";
import { indexingDrawings } from "./drawings/indexing.ts";
import { layoutDrawings } from "./drawings/layout.ts";
import { normalisationDrawings } from "./drawings/normalisations.ts";
import { poolDrawings } from "./drawings/pools.ts";
import { productDrawings } from "./drawings/products.ts";
import { reductionDrawings } from "./drawings/reductions.ts";
import { resizingDrawings } from "./drawings/resizing.ts";

/** Functions of every operator that has a gradient rule, with drawn shapes and attributes; a file for each family of rules. */
export const drawings: Readonly<Record<string, Drawing>> = {
  ...activationDrawings,
  ...arithmeticDrawings,
  ...choiceDrawings,
  ...convolutionDrawings,
  ...indexingDrawings,
  ...layoutDrawings,
  ...normalisationDrawings,
  ...poolDrawings,
  ...productDrawings,
  ...reductionDrawings,
  ...resizingDrawings,
};
