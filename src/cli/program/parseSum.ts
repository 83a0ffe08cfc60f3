import { InvalidArgumentError } from 'commander';

/**
 * Takes a sum of money of a command line.
 *
 * @param text - With two places or none, such as `12.50`.
 * @returns Hundredths of the currency.
 * @throws InvalidArgumentError for anything else.
 */
export function parseSum(text: string): number {
  const match = /^(?<whole>\d{1,12})(?:\.(?<part>\d{2}))?$/.exec(text);
  const { whole, part = '00' } = match?.groups ?? {};
  if (whole === undefined) throw new InvalidArgumentError('It must be an amount such as 12.50.');
  return Number(whole) * 100 + Number(part);
}
