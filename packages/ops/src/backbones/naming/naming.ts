/** How a publisher's files name the tensors of an architecture. */
export interface Naming {
  readonly name: string;
  /** True where the file's names are of this naming. */
  readonly fits: (names: ReadonlySet<string>) => boolean;
  /** The architecture's name of a file's tensor; null: the architecture has no such tensor. */
  readonly rename: (name: string) => string | null;
  /**
   * True for a file's name of a tensor whose bytes are right and whose shape is another, e.g. a convolution over the whole map in place
   * of a dense layer. Left out: no tensor is so.
   */
  readonly reshapes?: (name: string) => boolean;
}
