import type { Money } from '@medplum/fhirtypes';
import { MedsealError } from '../../errors/MedsealError.ts';

/** Most units that an amount has: the ledger counts below 2^48. */
const MOST = 2 ** 48 - 1;

/**
 * An amount as FHIR writes it. No sum is ever made of such numbers: whoever adds, adds units.
 *
 * @param units - Hundredths of the currency, a whole number.
 * @param currency - ISO 4217 code of a currency with hundredths, such as `EUR`.
 * @throws MedsealError `ARGUMENT_INVALID` for what is not such an amount.
 */
export function moneyOf(units: number, currency: string): Money {
  if (!Number.isInteger(units) || units < 0 || units > MOST) throw invalid('units', `${units}`);
  if (!/^[A-Z]{3}$/.test(currency)) throw invalid('currency', currency);
  const digits = String(units).padStart(3, '0');
  // A number of at most 15 digits is written as it was read.
  const value = Number(`${digits.slice(0, -2)}.${digits.slice(-2)}`);
  return { value, currency: currency as NonNullable<Money['currency']> };
}

/**
 * The units of an amount that FHIR wrote, read off its digits.
 *
 * @param money - Not trusted.
 * @param currency - The currency that it must be in.
 * @throws MedsealError `FHIR_INVALID` if it is of another currency, or is not a whole number of hundredths.
 */
export function unitsOf(money: Money | undefined, currency: string): number {
  const match = /^(?<whole>\d{1,13})(?:\.(?<part>\d{1,2}))?$/.exec(String(money?.value));
  const { whole, part = '' } = match?.groups ?? {};
  if (whole === undefined || money?.currency !== currency) {
    const reason = `an amount must be hundredths of ${currency}, and one is not`;
    throw new MedsealError('FHIR_INVALID', { reason });
  }
  return Number(whole) * 100 + Number(part.padEnd(2, '0'));
}

function invalid(argument: string, got: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason: `cannot be ${got}` });
}
