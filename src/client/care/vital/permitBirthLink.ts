import { bytesToHex } from '../../../crypto/bytes.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Address, Handle } from '../../../protocol/ids.ts';
import type { Signed } from '../../../protocol/struct/requests.ts';
import { sign } from '../../../protocol/struct/signing.ts';
import type { Party } from '../../party/Party.ts';
import { requireArgument } from '../../party/requireArgument.ts';
import { readPatientState } from '../../state/PatientState.ts';

/** A birth that a mother lets a registrar name her in. */
export interface LinkPermitted {
  /** The child, enrolled with a key of its own. */
  readonly child: Handle;
  readonly registrar: Address;
  /** Seconds for which the registrar may use it. */
  readonly within: number;
}

/**
 * Signs a mother's permission to name her in the birth of a child. It serves one registrar, for this child, once: hand
 * it over to the registrar.
 *
 * @param mother - The mother.
 * @param permission - The child, the registrar, and for how long.
 * @throws MedsealError `NOT_FOUND` on a device of someone who is not a patient; `ARGUMENT_INVALID`.
 * @example
 * ```ts
 * const content = `0x${'5a'.repeat(32)}` as const;
 * const within = 7 * 86_400;
 * const link = await permitBirthLink(patient, { child: handle, registrar: registrar.address, within });
 * await registerBirth(registrar, { handle, content, link });
 * ```
 */
export async function permitBirthLink(
  mother: Party,
  { child, registrar, within }: LinkPermitted,
): Promise<Signed<'BirthLink'>> {
  requireArgument('handle', child);
  const { handle } = await readPatientState(mother);
  return sign(mother, mother, 'BirthLink', {
    handle,
    child,
    registrar,
    deadline: seconds(mother.clock) + within,
    salt: bytesToHex(mother.random(16)),
  });
}
