import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { isDeviceRight } from '../../protocol/sensors/isDeviceRight.ts';
import type { Grant } from '../../protocol/struct/requests.ts';
import { ACTIONS } from '../../protocol/vocabulary.ts';
import { knownRights } from '../party/knownRights.ts';
import type { Party } from '../party/Party.ts';
import { requireSoundRight } from '../rights/grantRight.ts';
import { ownHandle } from '../state/ownHandle.ts';
import { readPatientState } from '../state/PatientState.ts';
import type { MistakeAbout } from './Mistake.ts';

/** Seconds after its end in which something can be asked about a right. */
const ASKED_AFTER = 30 * 24 * 3600;
/** Seconds: an end this close to the present one extends nothing. */
const SAME_END = 60;

/** A right that a message is about, as the device knows it. */
export interface RightNamed {
  readonly grant: Grant;
  /** True if the party gave it, on their own chart; false if it is the party's. */
  readonly isGiven: boolean;
}

/**
 * Finds a right of the party, or one on the party's own chart.
 *
 * @param party - The grantee, or the patient.
 * @param digest - Digest of the grant.
 */
export async function findRight(party: Party, digest: Bytes32): Promise<RightNamed | undefined> {
  const held = (await knownRights(party)).find((each) => each.digest === digest);
  if (held !== undefined) return { grant: held.grant, isGiven: false };
  if ((await ownHandle(party)) === undefined) return undefined;
  const { grants } = await readPatientState(party);
  const given = grants.find((each) => each.digest === digest);
  return given && { grant: given.grant, isGiven: true };
}

/**
 * Says in a report what it is about: a right, which its digest names.
 *
 * @param digest - Digest of the grant.
 * @param grant - Its opening.
 */
export function aboutGrant(digest: Bytes32, { handle, terms }: Grant): MistakeAbout {
  const { purpose, from: at, until } = terms;
  return { handle, entry: digest, act: 'right', accepted: true, purpose, at, until };
}

/**
 * Tells whether something can be asked about a right still.
 *
 * @param party - Either side.
 * @param grant - The right.
 */
export function isRecent({ clock }: Pick<Party, 'clock'>, { terms }: Grant): boolean {
  return terms.until > seconds(clock) - ASKED_AFTER;
}

/**
 * Requires an end to which a patient could extend a right.
 *
 * @param party - Either side.
 * @param grant - The right.
 * @param until - The end that is wished, Unix seconds.
 * @throws MedsealError `ARGUMENT_INVALID` if it extends nothing, or the right is that of a device; `RIGHT_INVALID` if the network allows no such right.
 */
export function requireExtension(
  party: Pick<Party, 'address' | 'clock' | 'network'>,
  { terms }: Grant,
  until: number,
): void {
  if (isDeviceRight(terms)) throw invalid('right', 'it is that of a device, which is bound again');
  const { categories } = terms;
  requireSoundRight(party, { categories, actions: ACTIONS.filter((each) => terms[each]), until });
  if (until <= terms.until + SAME_END) {
    throw invalid('until', `must be later than the right ends (got ${until} and ${terms.until})`);
  }
}

function invalid(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
