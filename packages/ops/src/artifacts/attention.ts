import { classifierCodec, type Classifier } from "./classifier.ts";
import { damagedArtifact, decodeDocument, encodeDocument, type ArtifactCodec } from "./document-codec.ts";
import { arrayOf, numberField } from "./document-fields.ts";

/**
 * A fitted head on bags of rows: what each row of a bag counts, and a linear classifier of the rows' weighted mean. A row z
 * (standardised as the classifier says) has the score attention · (tanh(z · tanhWeights) * sigmoid(z · sigmoidWeights)), and
 * counts the softmax of the scores over the rows of its bag.
 */
export interface AttentionClassifier {
  readonly classifier: Classifier;
  /** Width of the gate; 0 where the classifier is unusable. */
  readonly hidden: number;
  /** [inputs, hidden], row-major, as are those of the sigmoid. */
  readonly tanhWeights: Float32Array;
  readonly sigmoidWeights: Float32Array;
  /** [hidden] */
  readonly attention: Float32Array;
}

/** @throws Error (encoding) or OpError `artifact-damaged` (decoding) where the sizes do not fit each other */
export const attentionCodec: ArtifactCodec<AttentionClassifier> = {
  encode: (head) => {
    const wrong = problemOf(head);
    if (wrong !== null) throw new Error(`Refusing to store this head: ${wrong}.`);
    const { classifier, hidden, tanhWeights, sigmoidWeights, attention } = head;
    // The classifier's own document, with what else the head has.
    const { fields, arrays } = decodeDocument("classifier", classifierCodec.encode(classifier));
    return encodeDocument({
      kind: "attention",
      fields: { ...fields, hidden },
      arrays: { ...arrays, tanhWeights, sigmoidWeights, attention },
    });
  },
  decode: (bytes) => {
    const document = decodeDocument("attention", bytes);
    const head: AttentionClassifier = {
      classifier: classifierCodec.decode(encodeDocument({ ...document, kind: "classifier" })),
      hidden: numberField(document, "hidden"),
      tanhWeights: arrayOf(document, "tanhWeights", Float32Array),
      sigmoidWeights: arrayOf(document, "sigmoidWeights", Float32Array),
      attention: arrayOf(document, "attention", Float32Array),
    };
    const wrong = problemOf(head);
    if (wrong !== null) throw damagedArtifact("attention", wrong);
    return head;
  },
};

/** What is inconsistent; null where all fits. */
function problemOf({ classifier, hidden, tanhWeights, sigmoidWeights, attention }: AttentionClassifier): string | null {
  const size = classifier.inputs * hidden;
  if (attention.length !== hidden) return "its attention does not match its hidden width";
  if (tanhWeights.length !== size || sigmoidWeights.length !== size) return "its gate does not match its inputs";
  const isFinite = [tanhWeights, sigmoidWeights, attention].every((weights) => weights.every(Number.isFinite));
  return isFinite ? null : "a weight of its gate is not finite";
}
