import { CommandError, exitCodes } from "../exit-codes.ts";

/** The time that lies an age (`30d`, `8w`) back. @throws CommandError (2) */
export function readAge(text: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,6})([dw])$/.exec(text) ?? [];
  const days = Number(count) * (unit === "w" ? 7 : 1);
  if (count !== undefined) return new Date(now.getTime() - days * 24 * 60 * 60 * 1000);
  throw new CommandError(
    exitCodes.wrong,
    `--older-than takes a number of days or weeks, but was given "${text}".`,
    "For example: --older-than 30d or --older-than 8w",
  );
}

/** A size (`500MB`, `1.5 TB`, units of a thousand) in bytes. @throws CommandError (2) */
export function readSize(text: string, name = "--max-size"): number {
  const [, count, unit = ""] = /^(\d+(?:\.\d+)?) ?([kmgt]?)b$/i.exec(text) ?? [];
  const bytes = Math.round(Number(count) * 1000 ** ["", "k", "m", "g", "t"].indexOf(unit.toLowerCase()));
  if (count !== undefined && Number.isSafeInteger(bytes)) return bytes;
  throw new CommandError(
    exitCodes.wrong,
    `${name} takes a size, but was given "${text}".`,
    `For example: ${name}${name.startsWith("--") ? " " : "="}20GB or 500MB`,
  );
}
