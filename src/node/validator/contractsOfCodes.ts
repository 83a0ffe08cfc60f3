import { furtherCodes } from '../../bindings/contractCreations.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { ContractCode } from '../../protocol/network/engineUpgrade.ts';
import {
  FURTHER_CONTRACTS,
  type FurtherContract,
} from '../../protocol/network/furtherContracts.ts';
import { codesOf } from './engineTermsOf.ts';

/**
 * Returns the codes by which this version of Medseal creates care contracts, in the one form in which an upgrade names them.
 *
 * @param contracts - Names of the contracts.
 * @param primitives - Hashes.
 */
export function codesOfContracts(
  contracts: readonly FurtherContract[],
  primitives: Pick<Primitives, 'keccak256'>,
): readonly ContractCode[] {
  const codes = codesOf(
    contracts.map((name) => furtherCodes[name]),
    primitives,
  );
  return codes.toSorted((one, other) => (one.hash < other.hash ? -1 : 1));
}

/**
 * Says of codes which care contract this version of Medseal creates by each.
 *
 * @param codes - The codes.
 * @param primitives - Hashes.
 * @returns A name for each code; undefined for one that creates no care contract of this version.
 */
export function contractsOfCodes(
  codes: readonly ContractCode[],
  primitives: Pick<Primitives, 'keccak256'>,
): readonly (FurtherContract | undefined)[] {
  const known = FURTHER_CONTRACTS.map(
    (name) => [name, codesOfContracts([name], primitives)] as const,
  );
  return codes.map(({ length, hash }) => {
    const found = known.find(([, own]) =>
      own.some((code) => code.length === length && code.hash === hash),
    );
    return found?.[0];
  });
}
