import type { Span } from "../text/source.ts";

/**
 * A program as written: names are not looked up, numbers are not judged. Every node has the span of its own text.
 * Plain data; where the parser recovered from a mistake, the broken declaration or field is simply absent.
 */
export interface Ast {
  readonly path: string;
  readonly edition: EditionNode | null;
  readonly declarations: readonly DeclarationNode[];
}

/** `exp 1` */
export interface EditionNode {
  readonly number: number;
  readonly span: Span;
}

export type DeclarationNode = ImportNode | NamedNode | SweepNode | TableNode;

/** `import "lib/radiology.exp"` */
export interface ImportNode {
  readonly kind: "import";
  readonly file: StringNode;
  readonly span: Span;
}

/** The declarations of the form `KIND name = value`. `figure` and `model` are read; their meaning comes later. */
export type NamedKind = "param" | "dataset" | "backbone" | "head" | "tune" | "model" | "figure";

export interface NamedNode {
  readonly kind: "named";
  readonly declares: NamedKind;
  readonly name: NameNode;
  readonly value: ValueNode;
  readonly span: Span;
}

/** `sweep name { ... }` */
export interface SweepNode {
  readonly kind: "sweep";
  readonly name: NameNode;
  readonly block: BlockNode;
  readonly span: Span;
}

/** `table "title" { ... }` */
export interface TableNode {
  readonly kind: "table";
  readonly title: StringNode;
  readonly block: BlockNode;
  readonly span: Span;
}

/** `{ ... }`: its entries in the order written. */
export interface BlockNode {
  readonly kind: "block";
  readonly entries: readonly EntryNode[];
  readonly span: Span;
}

export type EntryNode = FieldNode | SectionNode | WhereNode | ExceptNode;

/** `lr: [1e-3, 1e-2]` or, with a dotted key, `backbone.image_size: 224`; more than one value where commas follow: `rows: backbone, head`. */
export interface FieldNode {
  readonly kind: "field";
  readonly key: PathNode;
  readonly values: readonly ValueNode[];
  readonly span: Span;
}

/** A named block without a colon: `search { ... }`, `over { ... }`. */
export interface SectionNode {
  readonly kind: "section";
  readonly name: NameNode;
  readonly block: BlockNode;
  readonly span: Span;
}

/** `where { backbone: mine } { backbone.image_size: 224 }` */
export interface WhereNode {
  readonly kind: "where";
  readonly condition: BlockNode;
  readonly settings: BlockNode;
  readonly span: Span;
}

/** `except { backbone: resnet, head: neighbours }` */
export interface ExceptNode {
  readonly kind: "except";
  readonly condition: BlockNode;
  readonly span: Span;
}

export interface NameNode {
  readonly text: string;
  readonly span: Span;
}

/** A dotted name: `backbone`, `test.auroc`, `dataset.shots`. One part at least. */
export interface PathNode {
  readonly parts: readonly NameNode[];
  /** Only in a key that is written as a string, `"ResNet 152": 0.7`: its one part has the string's text. */
  readonly quoted?: true;
  readonly span: Span;
}

export type ValueNode =
  | NumberNode
  | StringNode
  | BooleanNode
  | NullNode
  | ReferenceNode
  | ListNode
  | RangeNode
  | CallNode
  | ConstructNode
  | MeasureNode
  | BlockNode
  | SumNode
  | ChooseNode;

/** `text` is kept as written, so that `1e-3` stays `1e-3` when formatted. */
export interface NumberNode {
  readonly kind: "number";
  readonly value: number;
  readonly text: string;
  readonly span: Span;
}

/** `"${data}/NIH"`: literal text (escapes resolved) and the names in `${}` in turn. `raw` is the source between the quotes. */
export interface StringNode {
  readonly kind: "string";
  readonly parts: readonly (StringTextPart | StringNamePart)[];
  readonly raw: string;
  readonly span: Span;
}

export interface StringTextPart {
  readonly kind: "text";
  readonly text: string;
}

export interface StringNamePart {
  readonly kind: "name";
  readonly name: NameNode;
}

export interface BooleanNode {
  readonly kind: "boolean";
  readonly value: boolean;
  readonly span: Span;
}

export interface NullNode {
  readonly kind: "null";
  readonly span: Span;
}

/** A bare or dotted name used as a value: a declaration, an enumeration's word, an axis, a metric. */
export interface ReferenceNode {
  readonly kind: "reference";
  readonly path: PathNode;
  readonly span: Span;
}

export interface ListNode {
  readonly kind: "list";
  readonly items: readonly ValueNode[];
  readonly span: Span;
}

/** `0..4`, both ends included. */
export interface RangeNode {
  readonly kind: "range";
  readonly from: NumberNode;
  readonly to: NumberNode;
  readonly span: Span;
}

/** `file("x.onnx")`, `env("A", "b")`, `log_range(1e-4, 1e-1, 8)`, `mean(test.auroc, val.auroc)`. */
export interface CallNode {
  readonly kind: "call";
  readonly name: NameNode;
  readonly arguments: readonly ValueNode[];
  readonly span: Span;
}

/** `knn { k: 20 }`, or `dinov2_l { image_size: 448 }` where the name is a declaration's. */
export interface ConstructNode {
  readonly kind: "construct";
  readonly name: NameNode;
  readonly block: BlockNode;
  readonly span: Span;
}

/** A metric with its parameters: `test.auroc { average: weighted }`. */
export interface MeasureNode {
  readonly kind: "measure";
  readonly path: PathNode;
  readonly block: BlockNode;
  readonly span: Span;
}

/** `train + val` */
export interface SumNode {
  readonly kind: "sum";
  readonly terms: readonly ValueNode[];
  readonly span: Span;
}

/** `max val.auroc`, `max per column`: the word, then what it is taken of and over what; one of the two at least. */
export interface ChooseNode {
  readonly kind: "choose";
  readonly want: NameNode;
  readonly of: PathNode | null;
  readonly per: NameNode | null;
  readonly span: Span;
}
