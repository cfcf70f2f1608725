import { CommandError, exitCodes } from "./exit-codes.ts";

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of a length of time as options take it: `90s`, `30m`, `1h30m`, `2d`. @throws CommandError (2) naming the option */
export function readDuration(option: string, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/g)];
  const seconds = parts.reduce((sum, [, count, unit]) => sum + Number(count) * units[unit as keyof typeof units], 0);
  if (parts.map(([part]) => part).join("") === text && seconds > 0) return seconds;
  throw new CommandError(
    exitCodes.wrong,
    `${option} takes a length of time, but was given "${text}".`,
    "Write it with units, for example 90s, 30m, 1h30m or 2d.",
  );
}
