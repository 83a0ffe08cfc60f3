import type { VitalAsked } from '../../../protocol/AgentPort.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { LedgerPlace } from '../../../protocol/evidence/evidence.ts';
import type { Handle } from '../../../protocol/ids.ts';
import type { Messages, Signed } from '../../../protocol/struct/requests.ts';
import type { LifeFacts } from '../../../protocol/care/vitalRecords.ts';
import type { VitalType } from '../../../protocol/struct/vitalTypes.ts';
import { confirmRule } from '../../rights/confirmRule.ts';
import type { Party } from '../../party/Party.ts';

/** Seconds that the ledger has to take a request. */
const WINDOW = 300;

/**
 * Returns the last second at which the ledger takes what is signed now.
 *
 * @param party - The signer.
 * @param within - Seconds; five minutes if absent.
 */
export function vitalDeadline({ clock }: Party, within: number = WINDOW): number {
  return seconds(clock) + within;
}

/**
 * Sends a signed request to the ledger, and confirms with k coordinators that it stands there.
 *
 * @param party - Any party that can reach an agent.
 * @param request - The request.
 * @param stands - True if the life shows it.
 * @param along - Of an undoing, the other signature.
 * @throws MedsealError as `AgentPort.vital`; `RULE_UNCONFIRMED`.
 */
export async function placeVitalRecord<Type extends VitalType>(
  party: Party,
  request: Signed<Type>,
  stands: (life: LifeFacts) => boolean,
  along: Pick<VitalAsked, 'second'> = {},
): Promise<LedgerPlace> {
  const message: Messages[VitalType] = request.message;
  const handle: Handle = message.handle;
  const asked = { request: request as Signed<VitalType>, ...along };
  const { transaction, block } = await party.agent.vital(asked);
  await confirmLife(party, handle, stands);
  return { transaction, block };
}

/**
 * Confirms with k coordinators what the ledger says of a life.
 *
 * @param party - Any party that can reach an agent.
 * @param handle - The person.
 * @param stands - True if the life shows it.
 * @throws MedsealError `RULE_UNCONFIRMED`.
 */
export async function confirmLife(
  party: Party,
  handle: Handle,
  stands: (life: LifeFacts) => boolean,
): Promise<void> {
  await confirmRule(party, { handle }, ({ patient }) => {
    return patient?.life !== undefined && stands(patient.life);
  });
}
