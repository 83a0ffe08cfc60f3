/** The moments that a FHIR date or dateTime stands for. */
export interface MomentsMeant {
  /** First moment, Unix seconds, with fractions. */
  readonly first: number;
  /** First moment after it, Unix seconds, with fractions. */
  readonly after: number;
  /** True if it names no time of day, and so no time zone: UTC is taken. */
  readonly isDate: boolean;
}

/**
 * Returns the moments that a FHIR date or dateTime stands for: a date is its whole day, month or year, and a second is
 * the whole second. A Period ends with the last of them.
 *
 * @param text - Such as `2026-11`, `2026-11-23` or `2026-11-23T10:15:00.25+01:00`.
 * @returns Undefined if it is malformed, or a day that does not exist.
 */
export function boundsOfPeriod(text: string): MomentsMeant | undefined {
  const found = FORM.exec(text)?.groups as Readonly<Record<string, string | undefined>> | undefined;
  if (found === undefined) return undefined;
  const {
    year = '',
    month,
    day,
    hour,
    minute,
    second,
    fraction,
    sign,
    zoneHour,
    zoneMinute,
  } = found;
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  const first = Date.UTC(y, m - 1, d) / 1000;
  const date = new Date(first * 1000);
  const exists = date.getUTCFullYear() === y && date.getUTCMonth() === m - 1;
  if (!exists || date.getUTCDate() !== d) return undefined;
  if (hour === undefined) {
    const next = Date.UTC(
      month === undefined ? y + 1 : y,
      month !== undefined && day === undefined ? m : m - 1,
      day === undefined ? 1 : d + 1,
    );
    return { first, after: next / 1000, isDate: true };
  }
  const [h, min, s] = [Number(hour), Number(minute), Number(second)];
  const [zh, zm] = [Number(zoneHour ?? 0), Number(zoneMinute ?? 0)];
  if (h > 23 || min > 59 || s > 59 || zh > 14 || zm > 59) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (zh * 3600 + zm * 60);
  const whole = first + h * 3600 + min * 60 + s - offset;
  if (fraction === undefined) return { first: whole, after: whole + 1, isDate: false };
  const digits = Number(`0.${fraction}`);
  return { first: whole + digits, after: whole + digits + 10 ** -fraction.length, isDate: false };
}

const FORM =
  /^(?<year>[1-9]\d{3})(?:-(?<month>\d\d)(?:-(?<day>\d\d)(?:T(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)(?:\.(?<fraction>\d{1,9}))?(?:Z|(?<sign>[+-])(?<zoneHour>\d\d):(?<zoneMinute>\d\d)))?)?)?$/;
