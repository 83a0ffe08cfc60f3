import { parseAddress } from '../../crypto/parseAddress.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Party } from './Party.ts';
import { requireArgument } from './requireArgument.ts';

/**
 * Takes an address as wallets write it, in small letters or with EIP-55's capitals.
 *
 * @param party - The caller's party, for Keccak-256.
 * @param value - The address.
 * @param argument - Its name.
 * @returns The address in small letters, as requests name it.
 * @throws MedsealError `ARGUMENT_INVALID` for what is not an address, or has other capitals than its checksum.
 */
export function addressArgument(
  { primitives }: Pick<Party, 'primitives'>,
  value: string,
  argument: string,
): Address {
  const lower = typeof value === 'string' ? value.toLowerCase() : value;
  requireArgument('address', lower, argument);
  if (lower === value) return value as Address;
  const address = parseAddress(primitives, value);
  if (address !== undefined) return address;
  const reason = 'its capitals do not fit its digits (EIP-55); look for a mistyped digit';
  throw new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
