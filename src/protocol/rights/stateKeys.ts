import type { MandateFacts } from '../care/mandates.ts';
import type { Address } from '../ids.ts';
import type { StateKeys } from '../network/votesOnNewest.ts';
import { hasPower, standsAt, type ExactEnd } from './judgeMandate.ts';

/**
 * Returns the keys that sign, or signed, states of a patient's devices.
 *
 * @param signers - The patient's own keys, oldest first.
 * @param mandates - The mandates on the chart.
 * @param at - The moment, Unix seconds.
 * @param exact - Exact ends; where one is not known, that of the ledger counts.
 */
export function stateKeys(
  signers: readonly Address[],
  mandates: readonly MandateFacts[] = [],
  at: number,
  exact: ExactEnd,
): StateKeys {
  const keeping = mandates.filter((each) => hasPower(each, 'keys'));
  const stands = (each: MandateFacts): boolean =>
    standsAt(mandates, each, at, (mandate) => exact(mandate) ?? Infinity);
  return {
    signers,
    acting: keeping.filter(stands).map(({ key }) => key),
    acted: keeping.filter((each) => !stands(each)).map(({ key }) => key),
  };
}
