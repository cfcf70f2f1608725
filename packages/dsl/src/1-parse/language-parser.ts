import type { Lexer as LexerType } from "chevrotain";
import { Lexer } from "./chevrotain.ts";
import { ProgramParser } from "./grammar.ts";
import { tokenTypes } from "./tokens.ts";

/*
 * The one exception to "no state at module level": building the lexer and the parser takes some ten milliseconds, every
 * command loads this module, and neither remembers anything from one program to the next.
 */
let lexer: LexerType | undefined;
let parser: ProgramParser | undefined;

/** The lexer, made when it is first asked for. */
export function languageLexer(): LexerType {
  lexer ??= new Lexer([...tokenTypes], { positionTracking: "full", skipValidations: true });
  return lexer;
}

/** The parser, made when it is first asked for. Its grammar is validated by a test, not on every start. */
export function languageParser(): ProgramParser {
  parser ??= new ProgramParser(true);
  return parser;
}
