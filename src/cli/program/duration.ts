import { InvalidArgumentError } from 'commander';

const DAY = /^\d{4}-\d\d-\d\d$/;
const DATE_AND_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:?\d\d)?$/;
const UNITS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_557_600 } as const;

/**
 * Takes a length of time from the command line, such as `15m`, `12h`, `30d`.
 *
 * @param text - A number with s, m, h, d, w or y.
 * @returns Seconds.
 */
export function duration(text: string): number {
  const found = /^(\d{1,6})([smhdwy])$/.exec(text);
  const unit = UNITS[(found?.[2] ?? 's') as keyof typeof UNITS];
  if (found === null || Number(found[1]) === 0) {
    throw new InvalidArgumentError(
      'It must be a number with s, m, h, d, w or y, such as 15m or 30d.',
    );
  }
  return Number(found[1]) * unit;
}

/** A moment that was named: so many seconds from now, or a fixed one. */
export type NamedMoment = { readonly inSeconds: number } | { readonly at: number };

/**
 * Takes a moment from the command line: a length of time from now, a day such as `2026-12-31` (until its end, UTC), or
 * a date and time of ISO 8601.
 *
 * @param text - The value as it was typed.
 */
export function moment(text: string): NamedMoment {
  if (/^\d+[a-z]$/.test(text)) return { inSeconds: duration(text) };
  const at = secondsOf(text);
  if (at === undefined) {
    throw new InvalidArgumentError(
      'It must be a time from now, such as 30d, or a date, such as 2026-12-31.',
    );
  }
  return { at: at + (DAY.test(text) ? UNITS.d : 0) };
}

/**
 * Takes a moment of the past from the command line: a day, from its beginning (UTC), or a date and time of ISO 8601.
 *
 * @param text - The value as it was typed.
 * @returns Unix seconds.
 */
export function pastMoment(text: string): number {
  const at = secondsOf(text);
  if (at !== undefined && at >= 0) return at;
  throw new InvalidArgumentError(
    'It must be a date, such as 2026-11-01, or a date and time, such as 2026-11-01T09:30Z.',
  );
}

/** Unix seconds of a date, or of a date and time. */
function secondsOf(text: string): number | undefined {
  if (!DAY.test(text) && !DATE_AND_TIME.test(text)) return undefined;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}
