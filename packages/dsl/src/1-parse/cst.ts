/*
 * Generated from the grammar: `UPDATE=1 npx vitest run packages/dsl/src/1-parse/cst.test.ts`. Do not edit.
 * Every child is optional, since the parser leaves out what it could not find.
 */

import type { CstNode, IToken } from "chevrotain";

export interface ProgramCstNode extends CstNode {
  name: "program";
  children: ProgramCstChildren;
}

export type ProgramCstChildren = {
  DeclarationStart?: IToken[];
  edition?: EditionCstNode[];
  importDeclaration?: ImportDeclarationCstNode[];
  namedDeclaration?: NamedDeclarationCstNode[];
  sweepDeclaration?: SweepDeclarationCstNode[];
  tableDeclaration?: TableDeclarationCstNode[];
  unknownDeclaration?: UnknownDeclarationCstNode[];
  outside?: OutsideCstNode[];
};

export interface EditionCstNode extends CstNode {
  name: "edition";
  children: EditionCstChildren;
}

export type EditionCstChildren = {
  Exp?: IToken[];
  NumberLiteral?: IToken[];
};

export interface ImportDeclarationCstNode extends CstNode {
  name: "importDeclaration";
  children: ImportDeclarationCstChildren;
}

export type ImportDeclarationCstChildren = {
  Import?: IToken[];
  StringLiteral?: IToken[];
  path?: PathCstNode[];
};

export interface NamedDeclarationCstNode extends CstNode {
  name: "namedDeclaration";
  children: NamedDeclarationCstChildren;
}

export type NamedDeclarationCstChildren = {
  Kind?: IToken[];
  Name?: IToken[];
  StringLiteral?: IToken[];
  Equals?: IToken[];
  Colon?: IToken[];
  value?: ValueCstNode[];
};

export interface SweepDeclarationCstNode extends CstNode {
  name: "sweepDeclaration";
  children: SweepDeclarationCstChildren;
}

export type SweepDeclarationCstChildren = {
  Sweep?: IToken[];
  Name?: IToken[];
  StringLiteral?: IToken[];
  Equals?: IToken[];
  block?: BlockCstNode[];
};

export interface TableDeclarationCstNode extends CstNode {
  name: "tableDeclaration";
  children: TableDeclarationCstChildren;
}

export type TableDeclarationCstChildren = {
  Table?: IToken[];
  StringLiteral?: IToken[];
  Name?: IToken[];
  Equals?: IToken[];
  block?: BlockCstNode[];
};

export interface UnknownDeclarationCstNode extends CstNode {
  name: "unknownDeclaration";
  children: UnknownDeclarationCstChildren;
}

export type UnknownDeclarationCstChildren = {
  Name?: IToken[];
  StringLiteral?: IToken[];
  Equals?: IToken[];
  Colon?: IToken[];
  value?: ValueCstNode[];
};

export interface OutsideCstNode extends CstNode {
  name: "outside";
  children: OutsideCstChildren;
}

export type OutsideCstChildren = {
  Anything?: IToken[];
  block?: BlockCstNode[];
  list?: ListCstNode[];
  arguments?: ArgumentsCstNode[];
};

export interface BlockCstNode extends CstNode {
  name: "block";
  children: BlockCstChildren;
}

export type BlockCstChildren = {
  LeftCurly?: IToken[];
  Comma?: IToken[];
  whereEntry?: WhereEntryCstNode[];
  exceptEntry?: ExceptEntryCstNode[];
  entry?: EntryCstNode[];
  stray?: StrayCstNode[];
  RightCurly?: IToken[];
};

export interface WhereEntryCstNode extends CstNode {
  name: "whereEntry";
  children: WhereEntryCstChildren;
}

export type WhereEntryCstChildren = {
  Where?: IToken[];
  block?: BlockCstNode[];
};

export interface ExceptEntryCstNode extends CstNode {
  name: "exceptEntry";
  children: ExceptEntryCstChildren;
}

export type ExceptEntryCstChildren = {
  Except?: IToken[];
  block?: BlockCstNode[];
};

export interface EntryCstNode extends CstNode {
  name: "entry";
  children: EntryCstChildren;
}

export type EntryCstChildren = {
  path?: PathCstNode[];
  StringLiteral?: IToken[];
  block?: BlockCstNode[];
  Colon?: IToken[];
  Equals?: IToken[];
  values?: ValuesCstNode[];
};

export interface ValuesCstNode extends CstNode {
  name: "values";
  children: ValuesCstChildren;
}

export type ValuesCstChildren = {
  value?: ValueCstNode[];
  Comma?: IToken[];
};

export interface ValueCstNode extends CstNode {
  name: "value";
  children: ValueCstChildren;
}

export type ValueCstChildren = {
  term?: TermCstNode[];
  Plus?: IToken[];
};

export interface TermCstNode extends CstNode {
  name: "term";
  children: TermCstChildren;
}

export type TermCstChildren = {
  number?: NumberCstNode[];
  StringLiteral?: IToken[];
  True?: IToken[];
  False?: IToken[];
  Null?: IToken[];
  list?: ListCstNode[];
  block?: BlockCstNode[];
  choose?: ChooseCstNode[];
  named?: NamedCstNode[];
};

export interface NumberCstNode extends CstNode {
  name: "number";
  children: NumberCstChildren;
}

export type NumberCstChildren = {
  NumberLiteral?: IToken[];
  DotDot?: IToken[];
};

export interface ChooseCstNode extends CstNode {
  name: "choose";
  children: ChooseCstChildren;
}

export type ChooseCstChildren = {
  Want?: IToken[];
  path?: PathCstNode[];
  Per?: IToken[];
  Name?: IToken[];
};

export interface NamedCstNode extends CstNode {
  name: "named";
  children: NamedCstChildren;
}

export type NamedCstChildren = {
  path?: PathCstNode[];
  arguments?: ArgumentsCstNode[];
  block?: BlockCstNode[];
};

export interface ArgumentsCstNode extends CstNode {
  name: "arguments";
  children: ArgumentsCstChildren;
}

export type ArgumentsCstChildren = {
  LeftRound?: IToken[];
  items?: ItemsCstNode[];
  RightRound?: IToken[];
};

export interface ListCstNode extends CstNode {
  name: "list";
  children: ListCstChildren;
}

export type ListCstChildren = {
  LeftSquare?: IToken[];
  items?: ItemsCstNode[];
  RightSquare?: IToken[];
};

export interface ItemsCstNode extends CstNode {
  name: "items";
  children: ItemsCstChildren;
}

export type ItemsCstChildren = {
  Comma?: IToken[];
  value?: ValueCstNode[];
  stray?: StrayCstNode[];
};

export interface StrayCstNode extends CstNode {
  name: "stray";
  children: StrayCstChildren;
}

export type StrayCstChildren = {
  Anything?: IToken[];
  block?: BlockCstNode[];
  list?: ListCstNode[];
  arguments?: ArgumentsCstNode[];
};

export interface PathCstNode extends CstNode {
  name: "path";
  children: PathCstChildren;
}

export type PathCstChildren = {
  Name?: IToken[];
  Dot?: IToken[];
};
