/** What is known of a published data set, for whoever looks for one: a row of `exp datasets`. */
export interface DatasetDescription {
  /** As its publisher calls it. */
  readonly title: string;
  /** X-ray, CT, MRI, .. */
  readonly modality: string;
  /** What is predicted, e.g. `14 findings, multi-label`. */
  readonly task: string;
  /** Null where nobody has counted them. */
  readonly images: number | null;
  readonly patients: number | null;
  /** The licence's name, or the terms in a few words. */
  readonly licence: string;
  /** Of the download, e.g. `42 GB`; null where it is not known. */
  readonly size: string | null;
  /** The publisher's page. */
  readonly source: string;
  readonly citation: string;
  /** How its examples come into train, val and test here. */
  readonly splits: string;
}
