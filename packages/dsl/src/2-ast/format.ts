import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText, Span } from "../text/source.ts";
import type { BlockNode, DeclarationNode, EntryNode, NameNode, PathNode, ValueNode } from "./ast.ts";
import { flatBlock, flatKey, flatValue } from "./format-flat.ts";
import type { Printer } from "./format-printer.ts";
import { createPrinter, lineWidth } from "./format-printer.ts";
import { readProgram } from "./parse.ts";

export interface FormatResult {
  /** The program in its canonical layout; null where the source has errors. */
  readonly text: string | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The canonical layout of a program: two spaces of indentation, blocks and lists on one line where they were written on
 * one and fit, one blank line at most, every comment in its place. Formatting twice changes nothing more.
 */
export function formatProgram(source: SourceText): FormatResult {
  const { ast, comments, diagnostics } = readProgram(source);
  if (diagnostics.some(({ severity }) => severity === "error")) return { text: null, diagnostics };
  const layout = new Layout(source, comments);
  if (ast.edition !== null) layout.edition(ast.edition.number, ast.edition.span);
  for (const declaration of ast.declarations) layout.declaration(declaration);
  return { text: layout.finish(), diagnostics };
}

/** One walk over a tree; it owns the printer. */
class Layout {
  private readonly source: SourceText;
  private readonly comments: readonly Span[];
  private readonly printer: Printer;

  constructor(source: SourceText, comments: readonly Span[]) {
    this.source = source;
    this.comments = comments;
    this.printer = createPrinter(source, comments);
  }

  finish(): string {
    return this.printer.finish();
  }

  edition(number: number, { start, end }: Span): void {
    this.printer.newLine();
    this.printer.settle(start);
    this.printer.write("exp", start + "exp".length);
    this.word(String(number), { path: this.source.path, start: end - 1, end });
  }

  declaration(node: DeclarationNode): void {
    this.printer.newLine();
    this.printer.settle(node.span.start);
    const keyword = node.kind === "named" ? node.declares : node.kind;
    this.printer.write(keyword, node.span.start + keyword.length);
    switch (node.kind) {
      case "import":
        this.word(flatValue(node.file), node.file.span);
        break;
      case "named":
        this.name(node.name);
        this.printer.glue(" =");
        this.printer.space();
        this.value(node.value, 0);
        break;
      case "sweep":
        this.name(node.name);
        this.block(node.block);
        break;
      case "table":
        this.word(flatValue(node.title), node.title.span);
        this.block(node.block);
        break;
    }
  }

  private entry(node: EntryNode): void {
    this.printer.newLine();
    this.printer.settle(node.span.start);
    switch (node.kind) {
      case "field":
        this.field(node);
        break;
      case "section":
        this.printer.write(node.name.text, node.name.span.end);
        this.block(node.block);
        break;
      case "where":
        this.printer.write("where", node.span.start + "where".length);
        this.block(node.condition, " {".length);
        this.block(node.settings);
        break;
      case "except":
        this.printer.write("except", node.span.start + "except".length);
        this.block(node.condition);
        break;
    }
  }

  /** `key: value, value`: values go to the next line only where they would not fit. */
  private field(node: Extract<EntryNode, { kind: "field" }>): void {
    if (node.key.quoted === true) this.printer.write(flatKey(node), node.key.span.end);
    else this.path(node.key);
    this.printer.glue(":");
    node.values.forEach((value, index) => {
      const isLast = index === node.values.length - 1;
      this.printer.space();
      const after = isLast ? 0 : ",".length;
      if (index > 0 && !this.beginsHere(value, after)) this.continueOnNextLine(value, after);
      else this.value(value, after);
      if (!isLast) this.printer.glue(",");
    });
  }

  /** Whether a value begins on this line: all of it fits, or it fits on no line and its beginning fits here. */
  private beginsHere(value: ValueNode, after: number): boolean {
    const width = flatValue(value).length;
    const fitsNowhere = this.printer.indentation() + 2 + width + after > lineWidth;
    if (this.isSpread(value) || fitsNowhere) return this.fits(1 + leadWidth(value), 0);
    return this.fits(1 + width, after);
  }

  private continueOnNextLine(value: ValueNode, after: number): void {
    this.printer.indent(1);
    this.printer.newLine();
    this.value(value, after);
    this.printer.indent(-1);
  }

  /** `after`: how many columns have to be left on the line. */
  private value(node: ValueNode, after: number): void {
    this.printer.settle(node.span.start);
    const flat = flatValue(node);
    if (!this.isSpread(node) && this.fits(flat.length, after)) {
      this.printer.write(flat, node.span.end);
      return;
    }
    switch (node.kind) {
      case "list":
        this.printer.write("[", node.span.start + 1);
        this.items(node.items, "]", node.span);
        break;
      case "call":
        this.printer.write(node.name.text, node.name.span.end);
        this.printer.write("(", node.name.span.end);
        this.items(node.arguments, ")", node.span);
        break;
      case "construct":
        this.printer.write(node.name.text, node.name.span.end);
        this.block(node.block, after);
        break;
      case "measure":
        this.path(node.path);
        this.block(node.block, after);
        break;
      case "block":
        this.openBlock(node, after);
        break;
      case "sum":
        this.sum(node.terms, after);
        break;
      case "reference":
        this.path(node.path);
        break;
      case "choose":
        this.choose(node);
        break;
      case "range":
        this.printer.write(`${node.from.text}..`, node.from.span.end);
        this.printer.settle(node.to.span.start);
        this.printer.write(node.to.text, node.to.span.end);
        break;
      case "number":
      case "string":
      case "boolean":
      case "null":
        this.printer.write(flat, node.span.end);
        break;
    }
  }

  private sum(terms: readonly ValueNode[], after: number): void {
    terms.forEach((term, index) => {
      const isLast = index === terms.length - 1;
      this.value(term, isLast ? after : " +".length);
      if (!isLast) this.printer.glue(" +");
      this.printer.space();
    });
  }

  private choose(node: Extract<ValueNode, { kind: "choose" }>): void {
    this.printer.write(node.want.text, node.want.span.end);
    if (node.of !== null) {
      this.printer.space();
      this.printer.settle(node.of.span.start);
      this.path(node.of);
    }
    if (node.per !== null) {
      this.printer.glue(" per");
      this.name(node.per);
    }
  }

  /** A block after a word. */
  private block(node: BlockNode, after = 0): void {
    this.printer.space();
    this.openBlock(node, after);
  }

  private openBlock(node: BlockNode, after: number): void {
    this.printer.settle(node.span.start);
    const flat = flatBlock(node);
    if (!this.isSpread(node) && this.fits(flat.length, after)) {
      this.printer.write(flat, node.span.end);
      return;
    }
    this.printer.write("{", node.span.start + 1);
    this.printer.indent(1);
    for (const entry of node.entries) this.entry(entry);
    this.close("}", node.span);
  }

  /** Items of a list or call that does not fit: the line breaks of the source are kept, more are added where needed. */
  private items(items: readonly ValueNode[], closer: "]" | ")", span: Span): void {
    this.printer.indent(1);
    let lineBefore = -1;
    items.forEach((item, index) => {
      const previous = items[index - 1];
      const staysOnLine =
        previous !== undefined &&
        this.printer.line() === lineBefore &&
        !this.hasLineBreak(previous.span.start, item.span.end) &&
        this.fits(flatValue(item).length, " ,".length);
      if (staysOnLine) this.printer.space();
      else this.printer.newLine();
      this.printer.settle(item.span.start);
      lineBefore = this.printer.line();
      this.value(item, 1);
      this.printer.glue(",");
    });
    this.close(closer, span);
  }

  private close(closer: string, span: Span): void {
    this.printer.flushComments(span.end - 1);
    this.printer.indent(-1);
    this.printer.newLine();
    this.printer.settle(span.end - 1);
    this.printer.write(closer, span.end);
  }

  private path({ parts }: PathNode): void {
    parts.forEach((part, index) => {
      if (index > 0) this.printer.glue(".");
      this.printer.settle(part.span.start);
      this.printer.write(part.text, part.span.end);
    });
  }

  private name(node: NameNode): void {
    this.word(node.text, node.span);
  }

  private word(text: string, span: Span): void {
    this.printer.space();
    this.printer.settle(span.start);
    this.printer.write(text, span.end);
  }

  private fits(width: number, after: number): boolean {
    return this.printer.column() + width + after <= lineWidth;
  }

  /** Whether a value must not be put on one line: a bracket in it was written over several, or a comment is in it. */
  private isSpread(node: ValueNode): boolean {
    if (!this.hasLineBreak(node.span.start, node.span.end)) return false;
    switch (node.kind) {
      case "sum":
        return node.terms.some((term) => this.isSpread(term)) || this.hasComment(node.span);
      case "construct":
      case "measure":
        return this.isSpread(node.block) || this.hasComment(node.span);
      case "block":
        return node.entries.length > 0 || this.hasComment(node.span);
      case "list":
        return node.items.length > 0 || this.hasComment(node.span);
      case "call":
        return node.arguments.length > 0 || this.hasComment(node.span);
      default:
        return this.hasComment(node.span);
    }
  }

  private hasComment({ start, end }: Span): boolean {
    return this.comments.some((comment) => comment.start >= start && comment.start < end);
  }

  private hasLineBreak(start: number, end: number): boolean {
    return /[\r\n]/.test(this.source.text.slice(start, end));
  }
}

/** The columns that a value takes on its first line where it is broken into several. */
function leadWidth(value: ValueNode): number {
  switch (value.kind) {
    case "construct":
      return value.name.text.length + " {".length;
    case "measure":
      return value.path.parts.map(({ text }) => text).join(".").length + " {".length;
    case "call":
      return value.name.text.length + "(".length;
    case "list":
    case "block":
      return 1;
    case "sum":
      return value.terms[0] === undefined ? 0 : leadWidth(value.terms[0]);
    default:
      return flatValue(value).length;
  }
}
