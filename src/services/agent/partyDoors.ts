import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort, PartyCard } from '../../protocol/AgentPort.ts';
import type { Address, Handle } from '../../protocol/ids.ts';
import type { ProvenSheet } from '../../protocol/rights/epochs.ts';
import { commitmentFor } from '../../protocol/rights/commitmentFor.ts';
import { isProvenSheet } from '../../protocol/rights/isProvenSheet.ts';
import { keyAfter } from '../../protocol/rights/keyAfter.ts';
import { recipientHash } from '../../protocol/rights/recipientHash.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import { checkDeposit } from '../deposits/checkDeposit.ts';
import { admitLetter } from '../letters/admitLetter.ts';
import type { AgentContext } from './AgentContext.ts';
import { depositEverywhere } from './depositEverywhere.ts';
import { findDeposit } from './findDeposit.ts';

/**
 * The operations of an agent on what every organisation keeps for the parties: cards, key sheets, states, letters.
 *
 * @param agent - The agent's context.
 */
export function partyDoors(
  agent: AgentContext,
): Pick<AgentPort, 'card' | 'keepCard' | 'sheet' | 'keep' | 'send'> {
  return {
    card: async (key) => await card(agent, key),
    keepCard: async (given) => {
      await agent.index.refresh();
      const checked = checkDeposit(agent, { card: given }).card;
      if (checked !== undefined) await depositEverywhere(agent, { card: checked });
    },
    sheet: async (query) => await sheet(agent, query),
    keep: async (patient) => {
      await agent.index.refresh();
      checkDeposit(agent, { patient });
      agent.accounts.note(patient.request.party);
      return await depositEverywhere(agent, { patient });
    },
    send: async (letter) => {
      await agent.index.refresh();
      const { letter: checked } = await admitLetter(agent, agent.deposits, letter);
      // Its reader can send it again.
      agent.accounts.note(checked.request.party, true);
      await depositEverywhere(agent, { letter: checked });
    },
  };
}

/** One that the Registry no longer has the hash of is not offered, whoever keeps it still. */
async function card(agent: AgentContext, key: Address): Promise<PartyCard> {
  await agent.index.refresh();
  const party = agent.index.ownerOf(key) ?? key;
  const present = agent.index.party(party)?.recipient;
  return await findDeposit(agent, 'card', async (keeper) => {
    const { recipient, keyChanges } = await keeper.card(party);
    const hash = recipientHash(agent.primitives, recipient);
    if (hash !== present) {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'the card is of another recipient' });
    }
    const isProven = succeeds(() => {
      return keyAfter(agent, party, keyChanges) === agent.index.signerOf(party);
    });
    return { party, recipient, ...(keyChanges && isProven && { keyChanges }) };
  });
}

async function sheet(
  agent: AgentContext,
  { handle, epoch }: { handle: Handle; epoch: number },
): Promise<ProvenSheet> {
  await agent.index.refresh();
  const patient = agent.index.patient(handle);
  if (patient === undefined) throw new MedsealError('NOT_FOUND', { what: 'sheet' });
  const committed = commitmentFor(patient, epoch);
  return await findDeposit(agent, 'sheet', async (keeper) => {
    const found = await keeper.sheet({ handle, epoch, root: committed.root });
    if (isProvenSheet(agent.primitives, committed, epoch, found)) return found;
    throw new MedsealError('EVIDENCE_INVALID', {
      reason: 'the sheet is not of an epoch committed to',
    });
  });
}
