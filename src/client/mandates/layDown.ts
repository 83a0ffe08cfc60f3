import { seconds } from '../../protocol/Clock.ts';
import type { MandateFacts } from '../../protocol/care/mandates.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Handle } from '../../protocol/ids.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Party } from '../party/Party.ts';
import { confirmRule } from '../rights/confirmRule.ts';

/**
 * Ends mandates on the ledger, and waits until k coordinators confirm it.
 *
 * @param party - The patient, or who acts by the one mandate.
 * @param handle - The chart.
 * @param mandates - As the ledger has them.
 * @returns Their places on the ledger.
 * @throws MedsealError `RULE_REFUSED`, `RULE_UNCONFIRMED`, `KEY_UNAUTHENTIC`, `VERDICTS_MISSING`.
 */
export async function layDown(
  party: Party,
  handle: Handle,
  mandates: readonly Pick<MandateFacts, 'mandate' | 'key'>[],
): Promise<readonly LedgerPlace[]> {
  const places: LedgerPlace[] = [];
  for (const { key } of mandates) {
    const message = { handle, key, deadline: seconds(party.clock) + 300 };
    const { transaction, block } = await party.agent.mandate(
      sign(party, party, 'EndMandate', message),
    );
    places.push({ transaction, block });
  }
  if (places.length === 0) return [];
  await confirmRule(party, { handle }, ({ patient }) =>
    mandates.every(({ mandate }) =>
      patient?.mandates?.some((each) => each.mandate === mandate && each.state === 'ended'),
    ),
  );
  return places;
}
