import { activationCases } from "./torch-cases/activations.ts";
import { arithmeticCases } from "./torch-cases/arithmetic.ts";
import type { TorchCases } from "./torch-cases/build.ts";
import { choiceCases } from "./torch-cases/choices.ts";
import { convolutionCases } from "./torch-cases/convolutions.ts";
import { indexingCases } from "./torch-cases/indexing.ts";
import { layoutCases } from "./torch-cases/layout.ts";
import { normalisationCases } from "./torch-cases/normalisations.ts";
import { poolCases } from "./torch-cases/pools.ts";
import { productCases } from "./torch-cases/products.ts";
import { reductionCases } from "./torch-cases/reductions.ts";
import { resizingCases } from "./torch-cases/resizing.ts";

/** Our nodes for every case of `gradient_rules.py`; a file for each family of rules. */
export const torchCases: TorchCases = {
  ...activationCases,
  ...arithmeticCases,
  ...choiceCases,
  ...convolutionCases,
  ...indexingCases,
  ...layoutCases,
  ...normalisationCases,
  ...poolCases,
  ...productCases,
  ...reductionCases,
  ...resizingCases,
};
