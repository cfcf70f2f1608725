import { isJsonObject, type ArtifactDocument, type JsonObject } from "./document-codec.ts";
import { numberField, numbersField } from "./document-fields.ts";

/** What a head was fitted on: what a reader of a score asks first where there are few examples. */
export interface TrainedOn {
  /** Images, or bags of them; a stored view counts with its image. */
  readonly examples: number;
  /** Distinct patients; examples without one count each for themselves. */
  readonly groups: number;
  /** Examples of each class, in the order of the classes. */
  readonly perClass: readonly number[];
}

/** The field of a document, where there is one. */
export function trainedOnFields(trainedOn: TrainedOn | undefined): JsonObject {
  return trainedOn === undefined ? {} : { trainedOn: { ...trainedOn } };
}

/** The inverse. @throws OpError `artifact-damaged` */
export function decodeTrainedOn({ kind, fields }: ArtifactDocument): { readonly trainedOn?: TrainedOn } {
  const value = fields["trainedOn"];
  if (value === undefined) return {};
  const source = { kind: `${kind}.trainedOn`, fields: isJsonObject(value) ? value : {} };
  return {
    trainedOn: {
      examples: numberField(source, "examples"),
      groups: numberField(source, "groups"),
      perClass: numbersField(source, "perClass"),
    },
  };
}
