import fc from "fast-check";
import { expect, it } from "vitest";
import { createFrameWriter } from "./frame-writer.ts";

/** A terminal as far as frames need one: the cursor goes to a line, text is put there, the rest of a line is cleared. */
function createTerminal(
  columns: number,
  rows: number,
): { readonly write: (text: string) => void; readonly read: () => string } {
  const lines = Array.from({ length: rows }, () => " ".repeat(columns));
  return {
    write: (text) => {
      let row = 0;
      let column = 0;
      for (const [token] of text.matchAll(/\u001b\[[?0-9;]*[A-Za-z]|[^\u001b]/gu)) {
        const [, line] = /^\u001b\[(\d+);1H$/u.exec(token) ?? [];
        if (line !== undefined) [row, column] = [Number(line) - 1, 0];
        else if (token === "\u001b[K") lines[row] = (lines[row] ?? "").slice(0, column).padEnd(columns);
        else if (!token.startsWith("\u001b")) {
          lines[row] = (lines[row] ?? "").slice(0, column) + token + (lines[row] ?? "").slice(column + 1);
          column = Math.min(columns - 1, column + 1);
        }
      }
    },
    read: () => lines.map((line) => line.trimEnd()).join("\n"),
  };
}

it("leaves on the screen what a frame says, whatever was there before", () => {
  const frame = fc.array(fc.stringMatching(/^[a-c ]{0,12}$/), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 6 }), (frames) => {
      const terminal = createTerminal(12, 4);
      const writer = createFrameWriter(terminal.write);
      for (const lines of frames) {
        writer.show(lines.join("\n"), { columns: 12, rows: 4 });
        expect(terminal.read()).toBe(lines.map((line) => line.trimEnd()).join("\n"));
      }
    }),
  );
});

it("writes changed lines alone, and nothing where nothing has changed", () => {
  const written: string[] = [];
  const writer = createFrameWriter((text) => written.push(text));
  const size = { columns: 20, rows: 3 };
  writer.show("one\ntwo\nthree", size);
  expect(writer.show("one\ntwo\nthree", size)).toBe(0);
  const bytes = writer.show("one\n2\nthree", size);
  expect(written).toHaveLength(2);
  expect(written[1]).toContain("\u001b[2;1H2\u001b[K");
  expect(written[1]).not.toMatch(/one|three/);
  expect(bytes).toBe(Buffer.byteLength(written[1] ?? ""));
  writer.forget();
  writer.show("one\n2\nthree", size);
  expect(written[2]).toMatch(/one.*2.*three/s);
});

it("never writes below the screen", () => {
  const written: string[] = [];
  createFrameWriter((text) => written.push(text)).show("a\nb\nc\nd", { columns: 5, rows: 2 });
  expect(written.join("")).not.toMatch(/[cd\n]/);
});
