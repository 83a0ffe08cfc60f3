import { MedsealError } from '../../../errors/MedsealError.ts';
import { seconds } from '../../../protocol/Clock.ts';
import type { Bytes32 } from '../../../protocol/ids.ts';
import { logOf } from '../../../protocol/network/networkLookups.ts';
import { agentAddress } from '../../agent/httpAgent.ts';
import { confirmFacts } from '../../audit/confirmFacts.ts';
import type { ServedNote } from '../../letters/DeviceNote.ts';
import { collectLetters } from '../../letters/letters.ts';
import {
  mergeServedNotes,
  momentOf,
  readServedNotes,
  type ServedBy,
} from '../../letters/servedBy.ts';
import type { Party } from '../../party/Party.ts';
import { signersOf } from '../../party/signersOf.ts';
import { ownLetter, shareNotes, takeNotes, type OwnLetter } from './shareNotes.ts';

/** A party after its move. */
export interface PartyMoved extends ServedBy {
  /** True if this device knew of the move before. */
  readonly already: boolean;
}

/**
 * Moves a party to the organisation whose agent it is opened at: its devices ask that node first from now on. The node must
 * serve it: k coordinators confirm through it that the party is enrolled under its present key, and it gives the letters
 * that wait, which stay. This device follows by one write; the others hear of it by a letter of the party to itself, with
 * their next `checkInbox`. The Registry has the party of the organisation that it was enrolled at, as before. Safe to repeat.
 *
 * @param party - The party, opened at the node of the organisation that it moves to.
 * @throws MedsealError `MOVE_REFUSED` if the organisation has left the network; `PARTY_UNKNOWN`, `PARTY_SUSPENDED`;
 * `KEY_CHANGED` if the party has taken another key since; of the agent, and then the party has not moved.
 * @example
 * ```ts
 * const agent = httpAgent('https://medseal.pharmacy.example/pharmacy');
 * const patient = await openParty({ ...webPorts, network, agent, log: 'care/pharmacy', device, seed });
 * const { organisation } = await moveParty(patient);
 * console.log(`The node of ${organisation} is asked first from now on.`);
 * ```
 */
export async function moveParty(party: Party): Promise<PartyMoved> {
  const to = placeOf(party);
  const { party: facts } = await confirmFacts(party, { party: party.address });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (facts.suspended) throw new MedsealError('PARTY_SUSPENDED', {});
  if ((facts.key?.signer ?? facts.party) !== signersOf(party).at(-1)) {
    throw new MedsealError('KEY_CHANGED', {});
  }
  const own = await ownLetters(party);
  const [known] = await readServedNotes(party);
  const already = known?.organisation === to.organisation && known.url === to.url;
  if (!already) {
    // Also later than a move by a device whose clock is ahead a little.
    const before = known && momentOf(party, known);
    const at = Math.max(seconds(party.clock), (before ?? 0) + 1);
    const note: ServedNote = { kind: 'servedBy', ...to, at };
    await mergeServedNotes(party, [note]);
  }
  await shareNotes(party, own);
  return { ...to, already };
}

/** The organisation of the party's agent, which must be in the network, and the address of its node. */
function placeOf({ network, log: name, agent }: Party): ServedBy {
  const { channel, log } = logOf(network, name);
  const { organisation } = log;
  if (channel.coordinators.every((each) => each.organisation !== organisation)) {
    throw new MedsealError('MOVE_REFUSED', { organisation, reason: 'it has left the network' });
  }
  const address = agentAddress(agent);
  const url = address?.slice(0, -`/${organisation}`.length);
  return { organisation, ...(url !== undefined && { url }) };
}

/** Letters of the party to itself, whose notes are stored; those of others stay for the next look into the inbox. */
async function ownLetters(party: Party): Promise<readonly OwnLetter[]> {
  const own = new Map<Bytes32, OwnLetter>();
  await collectLetters(party, async (letter) => {
    const mine = ownLetter(party, letter);
    if (mine !== undefined && !own.has(mine.id)) {
      await takeNotes(party, mine.notes);
      own.set(mine.id, mine);
    }
    return false;
  });
  return [...own.values()];
}
