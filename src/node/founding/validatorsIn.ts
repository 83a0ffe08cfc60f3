import type { Founding } from '../../folder/Founding.ts';
import type { IdentityFile } from './identityFiles.ts';

/** Stake that each founder's validator begins with: as much as any other's. */
const STAKE = 10;

/**
 * Returns the part of a founding that says which validators hold the ledger.
 *
 * @param identities - The identity files: all name a validator, or none does.
 * @returns Empty if none does.
 */
export function validatorsIn(identities: readonly IdentityFile[]): Pick<Founding, 'validators'> {
  const validators = identities.flatMap(({ organisation, validator }) =>
    validator === undefined ? [] : [[organisation, { ...validator, stake: STAKE }] as const],
  );
  return validators.length === 0 ? {} : { validators: Object.fromEntries(validators) };
}
