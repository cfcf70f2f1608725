import type { TokenType } from "chevrotain";
import { CstParser, tokenMatcher } from "./chevrotain.ts";
import * as t from "./tokens.ts";

/**
 * The grammar. It takes what people write by mistake (`=` for `:`, a missing value, words out of place) into the tree
 * as well, because `2-ast` can say far more about a mistake that it sees whole than a parser can about a token that it
 * did not expect. Brackets are balanced before it runs, so nothing here can run past the end of a block.
 */
export class ProgramParser extends CstParser {
  constructor(skipValidations: boolean) {
    super([...t.tokenTypes], {
      recoveryEnabled: true,
      maxLookahead: 1,
      nodeLocationTracking: "onlyOffset",
      skipValidations,
    });
    this.performSelfAnalysis();
  }

  /** A name or bracket that nobody wrote would only hide the mistake. */
  protected override canTokenTypeBeInsertedInRecovery(): boolean {
    return false;
  }

  public program = this.RULE("program", () => {
    this.MANY(() => {
      this.OR({
        DEF: [
          { ALT: () => this.CONSUME(t.DeclarationStart) },
          { GATE: () => this.next(2, t.NumberLiteral), ALT: () => this.SUBRULE(this.edition) },
          { GATE: () => !this.isEntrySeparator(2), ALT: () => this.SUBRULE(this.importDeclaration) },
          {
            GATE: () => !this.next(2, t.Colon) && !this.next(2, t.Dot),
            ALT: () => this.SUBRULE(this.namedDeclaration),
          },
          { GATE: () => !this.isEntrySeparator(2), ALT: () => this.SUBRULE(this.sweepDeclaration) },
          { GATE: () => !this.isEntrySeparator(2), ALT: () => this.SUBRULE(this.tableDeclaration) },
          { GATE: () => this.isUnknownDeclaration(), ALT: () => this.SUBRULE(this.unknownDeclaration) },
          { ALT: () => this.SUBRULE(this.outside) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
  });

  /** `exp 1` */
  private edition = this.RULE("edition", () => {
    this.CONSUME(t.Exp);
    this.CONSUME(t.NumberLiteral);
  });

  private importDeclaration = this.RULE("importDeclaration", () => {
    this.CONSUME(t.Import);
    this.OPTION({
      GATE: () => !this.next(1, t.DeclarationStart),
      DEF: () => {
        this.OR([
          { ALT: () => this.CONSUME(t.StringLiteral) },
          { ALT: () => this.SUBRULE(this.path, { ARGS: [true] }) },
        ]);
      },
    });
  });

  /** `KIND name = value` */
  private namedDeclaration = this.RULE("namedDeclaration", () => {
    this.CONSUME(t.Kind);
    this.OPTION(() => this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }]));
    this.OPTION1(() => this.OR1([{ ALT: () => this.CONSUME(t.Equals) }, { ALT: () => this.CONSUME(t.Colon) }]));
    this.OPTION2(() => this.SUBRULE(this.value));
  });

  private sweepDeclaration = this.RULE("sweepDeclaration", () => {
    this.CONSUME(t.Sweep);
    this.OPTION(() => this.OR([{ ALT: () => this.CONSUME(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }]));
    this.OPTION1(() => this.CONSUME(t.Equals));
    this.OPTION2(() => this.SUBRULE(this.block));
  });

  private tableDeclaration = this.RULE("tableDeclaration", () => {
    this.CONSUME(t.Table);
    this.OPTION(() => this.OR([{ ALT: () => this.CONSUME(t.StringLiteral) }, { ALT: () => this.CONSUME(t.Name) }]));
    this.OPTION1(() => this.CONSUME(t.Equals));
    this.OPTION2(() => this.SUBRULE(this.block));
  });

  /** A declaration by its shape whose first word is none of ours. */
  private unknownDeclaration = this.RULE("unknownDeclaration", () => {
    this.CONSUME(t.Name);
    this.OR([{ ALT: () => this.CONSUME1(t.Name) }, { ALT: () => this.CONSUME(t.StringLiteral) }]);
    this.OPTION(() => this.OR1([{ ALT: () => this.CONSUME(t.Equals) }, { ALT: () => this.CONSUME(t.Colon) }]));
    this.OPTION1(() => this.SUBRULE(this.value));
  });

  /** Anything between declarations that begins none. */
  private outside = this.RULE("outside", () => {
    this.AT_LEAST_ONE(() => {
      this.OR([
        { ALT: () => this.CONSUME(t.Anything) },
        { ALT: () => this.SUBRULE(this.block) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.arguments) },
      ]);
    });
  });

  private block = this.RULE("block", () => {
    this.CONSUME(t.LeftCurly);
    this.MANY(() => {
      this.OR({
        DEF: [
          { ALT: () => this.CONSUME(t.Comma) },
          { GATE: () => this.next(2, t.LeftCurly), ALT: () => this.SUBRULE(this.whereEntry) },
          { GATE: () => this.next(2, t.LeftCurly), ALT: () => this.SUBRULE(this.exceptEntry) },
          {
            GATE: () => this.next(1, t.Name) || this.isEntrySeparator(2) || this.next(2, t.LeftCurly),
            ALT: () => this.SUBRULE(this.entry),
          },
          { ALT: () => this.SUBRULE(this.stray) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
    this.CONSUME(t.RightCurly);
  });

  private whereEntry = this.RULE("whereEntry", () => {
    this.CONSUME(t.Where);
    this.SUBRULE(this.block);
    this.OPTION(() => this.SUBRULE1(this.block));
  });

  private exceptEntry = this.RULE("exceptEntry", () => {
    this.CONSUME(t.Except);
    this.SUBRULE(this.block);
  });

  /** `path: values`, or a section `name { ... }`. */
  private entry = this.RULE("entry", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.path, { ARGS: [false] }) }, { ALT: () => this.CONSUME(t.StringLiteral) }]);
    this.OR1({
      DEF: [
        { ALT: () => this.SUBRULE(this.block) },
        {
          ALT: () => {
            this.OR2([{ ALT: () => this.CONSUME(t.Colon) }, { ALT: () => this.CONSUME(t.Equals) }]);
            this.OPTION({ GATE: () => !this.isEntryStart(1), DEF: () => this.SUBRULE(this.values) });
          },
        },
        {
          GATE: () => this.isOnSameLine() && !this.isEntryStart(1),
          ALT: () => this.SUBRULE1(this.values),
        },
        { ALT: () => undefined },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  /** A comma goes on with the values only where no new entry follows it. */
  private values = this.RULE("values", () => {
    this.SUBRULE(this.value);
    this.MANY({
      GATE: () => this.isValueStart(2) && !this.isEntryStart(2),
      DEF: () => {
        this.CONSUME(t.Comma);
        this.SUBRULE1(this.value);
      },
    });
  });

  private value = this.RULE("value", () => {
    this.SUBRULE(this.term);
    this.MANY(() => {
      this.CONSUME(t.Plus);
      this.OPTION({ GATE: () => !this.isEntryStart(1), DEF: () => this.SUBRULE1(this.term) });
    });
  });

  private term = this.RULE("term", () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.number) },
        { ALT: () => this.CONSUME(t.StringLiteral) },
        { ALT: () => this.CONSUME(t.True) },
        { ALT: () => this.CONSUME(t.False) },
        { ALT: () => this.CONSUME(t.Null) },
        { ALT: () => this.SUBRULE(this.list) },
        { ALT: () => this.SUBRULE(this.block) },
        { GATE: () => this.isChoose(), ALT: () => this.SUBRULE(this.choose) },
        { ALT: () => this.SUBRULE(this.named) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  /** A number, or a range `0..4`. */
  private number = this.RULE("number", () => {
    this.CONSUME(t.NumberLiteral);
    this.OPTION(() => {
      this.CONSUME(t.DotDot);
      this.OPTION1(() => this.CONSUME1(t.NumberLiteral));
    });
  });

  /** `max val.auroc`, `min test.loss per row`, `max per column` */
  private choose = this.RULE("choose", () => {
    this.CONSUME(t.Want);
    this.OPTION({ GATE: () => !this.isPer(), DEF: () => this.SUBRULE(this.path, { ARGS: [true] }) });
    this.OPTION1({
      GATE: () => this.isPer(),
      DEF: () => {
        this.CONSUME(t.Per);
        this.CONSUME(t.Name);
      },
    });
  });

  /** A reference, a call or a construct: all begin with a name. */
  private named = this.RULE("named", () => {
    this.SUBRULE(this.path, { ARGS: [true] });
    this.OPTION(() => this.OR([{ ALT: () => this.SUBRULE(this.arguments) }, { ALT: () => this.SUBRULE(this.block) }]));
  });

  private arguments = this.RULE("arguments", () => {
    this.CONSUME(t.LeftRound);
    this.SUBRULE(this.items);
    this.CONSUME(t.RightRound);
  });

  private list = this.RULE("list", () => {
    this.CONSUME(t.LeftSquare);
    this.SUBRULE(this.items);
    this.CONSUME(t.RightSquare);
  });

  /** Values and commas in any order: what is missing or too many is told by `2-ast`. */
  private items = this.RULE("items", () => {
    this.MANY(() => {
      this.OR({
        DEF: [
          { ALT: () => this.CONSUME(t.Comma) },
          { GATE: () => this.isValueStart(1), ALT: () => this.SUBRULE(this.value) },
          { ALT: () => this.SUBRULE(this.stray) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
  });

  /** Tokens that begin neither an entry nor a value where one should stand. */
  private stray = this.RULE("stray", () => {
    this.AT_LEAST_ONE({
      GATE: () => !this.next(1, t.Name) && !this.next(1, t.Comma) && !this.isEntryStart(1),
      DEF: () => {
        this.OR([
          { ALT: () => this.CONSUME(t.Anything) },
          { ALT: () => this.SUBRULE(this.block) },
          { ALT: () => this.SUBRULE(this.list) },
          { ALT: () => this.SUBRULE(this.arguments) },
        ]);
      },
    });
  });

  /** In a value, a name with a `:` after it is the key of the next entry, even after a `.` that was left unfinished. */
  private path = this.RULE("path", (isValue?: boolean) => {
    this.CONSUME(t.Name);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.OPTION({ GATE: () => isValue !== true || !this.isEntryStart(1), DEF: () => this.CONSUME1(t.Name) });
    });
  });

  private next(distance: number, type: TokenType): boolean {
    return tokenMatcher(this.LA(distance), type);
  }

  private isEntrySeparator(distance: number): boolean {
    return this.next(distance, t.Colon) || this.next(distance, t.Equals);
  }

  private isUnknownDeclaration(): boolean {
    if (this.next(2, t.StringLiteral)) return true;
    return this.next(2, t.Name) && (this.next(3, t.Equals) || this.next(3, t.Colon) || this.next(3, t.LeftCurly));
  }

  /** Whether the token at `distance` begins `path :`, `"key" :`, `where {` or `except {`. */
  private isEntryStart(distance: number): boolean {
    if (this.next(distance, t.StringLiteral)) return this.isEntrySeparator(distance + 1);
    if (!this.next(distance, t.Name)) return false;
    if (this.isEntrySeparator(this.endOfPath(distance))) return true;
    const isKeyword = this.next(distance, t.Where) || this.next(distance, t.Except);
    return isKeyword && this.next(distance + 1, t.LeftCurly);
  }

  private isValueStart(distance: number): boolean {
    const token = this.LA(distance);
    return valueStarts.some((type) => tokenMatcher(token, type));
  }

  /** The word `max` or `min` is an instruction where a path or `per` comes after it that is not the next entry. */
  private isChoose(): boolean {
    if (!this.next(1, t.Want)) return false;
    if (this.next(2, t.Per) && this.next(3, t.Name)) return true;
    if (!this.next(2, t.Name)) return false;
    const end = this.endOfPath(2);
    return !this.isEntrySeparator(end) && !this.next(end, t.LeftCurly) && !this.next(end, t.LeftRound);
  }

  private isPer(): boolean {
    return this.next(1, t.Per) && this.next(2, t.Name);
  }

  /** The distance of the first token after the dotted name that begins at `distance`. */
  private endOfPath(distance: number): number {
    let end = distance + 1;
    while (this.next(end, t.Dot) && this.next(end + 1, t.Name)) end += 2;
    return end;
  }

  private isOnSameLine(): boolean {
    return this.LA(0).endLine === this.LA(1).startLine;
  }
}

const valueStarts: readonly TokenType[] = [
  ...[t.NumberLiteral, t.StringLiteral, t.True, t.False, t.Null, t.Name, t.LeftSquare, t.LeftCurly],
];
