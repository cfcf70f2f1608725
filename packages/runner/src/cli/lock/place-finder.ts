import { createLineLookup, parse, type DeclarationNode, type Origin, type SourceText, type Span } from "@exp-lab/dsl";

/** Where a value stands in a program, in the program's own words. */
export interface WrittenPlace {
  /** The declaration that holds it, e.g. `backbone deit_tiny`. */
  readonly declaration: string;
  /** The value as it is written there, a string without its quotes and a bare name as `${name}`: names are not filled in. */
  readonly written: string;
}

/** Says what is written at an origin. */
export type FindPlace = (origin: Origin) => WrittenPlace;

/** Answers for the texts of one program; a text is read again when it is first asked about. */
export function createPlaceFinder(sources: readonly SourceText[]): FindPlace {
  const finders = new Map<string, FindPlace>();
  return (origin) => {
    const found = finders.get(origin.file) ?? createSourceFinder(sources.find(({ path }) => path === origin.file));
    finders.set(origin.file, found);
    return found(origin);
  };
}

function createSourceFinder(source: SourceText | undefined): FindPlace {
  if (source === undefined) throw new Error("A task names a file that the program was not read from.");
  const lines = createLineLookup(source);
  const { declarations } = parse(source).ast;
  return ({ line, column }) => {
    const offset = lines.lineAt(line).start + column - 1;
    const declaration = declarations.find(({ span }) => span.start <= offset && offset < span.end);
    if (declaration === undefined) throw new Error(`Nothing is declared at ${source.path}:${String(line)}.`);
    return { declaration: nameOf(declaration), written: textAt(offset, declaration, source) };
  };
}

function nameOf(declaration: DeclarationNode): string {
  switch (declaration.kind) {
    case "named":
      return `${declaration.declares} ${declaration.name.text}`;
    case "sweep":
      return `sweep ${declaration.name.text}`;
    case "table":
      return `table ${declaration.title.raw}`;
    case "import":
      return `import ${declaration.file.raw}`;
  }
}

/** The widest node that begins there is the whole value: a string begins where its call or its list does not. */
function textAt(offset: number, declaration: DeclarationNode, { text }: SourceText): string {
  let end = offset;
  for (const span of spansIn(declaration)) if (span.start === offset) end = Math.max(end, span.end);
  const written = text.slice(offset, end);
  if (/^[\w.]+$/.test(written)) return `\${${written}}`;
  return /^".*"$/s.test(written) ? written.slice(1, -1) : written;
}

function* spansIn(node: object): Generator<Span> {
  if ("span" in node) yield node.span as Span;
  const members: readonly unknown[] = Object.values(node);
  for (const member of members) if (typeof member === "object" && member !== null) yield* spansIn(member);
}
