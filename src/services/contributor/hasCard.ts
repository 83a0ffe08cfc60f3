import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { PartyCard } from '../../protocol/AgentPort.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { checkDeposit } from '../deposits/checkDeposit.ts';
import type { DepositStore } from '../deposits/DepositStore.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Tells whether a store has a card of a party already that proves all that the offered one does: a party can sign its
 * changes of key in many ways, and nobody needs a second proof.
 *
 * @param context - The node's own view.
 * @param deposits - The store.
 * @param offered - Not trusted.
 * @throws MedsealError `REQUEST_MALFORMED`, `SIGNATURE_INVALID` if the offered card proves nothing.
 */
export async function hasCard(
  context: ServiceContext,
  deposits: Pick<DepositStore, 'card'>,
  offered: PartyCard,
): Promise<boolean> {
  checkDeposit(context, { card: offered });
  const { index, primitives } = context;
  const { party } = offered;
  try {
    const { recipient, keyChanges } = await deposits.card(party);
    const isPresent = recipientHash(primitives, recipient) === index.party(party)?.recipient;
    return isPresent && keyAfter(context, party, keyChanges) === index.signerOf(party);
  } catch (error) {
    // Damage may have altered the one that is kept.
    if (isMedsealError(error, 'NOT_FOUND') || isMedsealError(error, 'SIGNATURE_INVALID'))
      return false;
    throw error;
  }
}
