import { createPaint, wantsColour, wantsScreen } from "../4-report/paint.ts";
import type { Terminal } from "./command.ts";
import { exitCodes } from "./exit-codes.ts";
import { hangUp } from "./hang-up.ts";
import { killAtPoint } from "./kill-at-point.ts";
import { openScreen } from "./screen.ts";

/** The streams and the environment of this process, as a command sees them. */
export function processTerminal(): Terminal {
  const { env, stdout, stderr } = process;
  stdout.on("error", endWithoutReader);
  stderr.on("error", endWithoutReader);
  return {
    out: (text) => stdout.write(text),
    err: (text) => stderr.write(text),
    paintOut: createPaint(wantsColour(env, stdout.isTTY)),
    paintErr: createPaint(wantsColour(env, stderr.isTTY)),
    width: stdout.isTTY ? stdout.columns : null,
    errWidth: stderr.isTTY ? stderr.columns : null,
    openScreen: wantsScreen(env, stdout.isTTY && stderr.isTTY) ? openScreen : null,
    environment: env,
    workingFolder: process.cwd(),
    watch: killAtPoint(env),
  };
}

/**
 * A reader that has seen enough (`exp table f | head -1`) ends the process quietly; what is stored stays. So does a
 * terminal that is gone. Any other trouble with the output, such as a full disk, must not pass for success.
 */
function endWithoutReader(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(exitCodes.done);
  if (error.code === "EIO" && process.stderr.isTTY) {
    // A live screen hears of it too, and first brings the run to a safe end.
    if (process.listenerCount("SIGHUP") === 0) hangUp();
    return;
  }
  process.stderr.write(`error: The output cannot be written: ${error.message}.\n`);
  process.exit(exitCodes.environment);
}
