import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import type { Organisation } from '../ids.ts';
import type { Channel, Founder, Member, NetworkFile } from '../network/NetworkFile.ts';
import { stakeChangesOf } from '../network/stakeChangesOf.ts';
import { draftSuccessor, signSuccessor } from '../network/signSuccessor.ts';
import type { Successor } from '../network/Successor.ts';
import { successorOf, type SuccessorTerms } from '../network/successorOf.ts';
import { context, network, ORGANISATIONS, primitives, signatory, word } from './sampleNetwork.ts';
import { logOfNewcomer, seatsOf, termsOf } from './sampleSuccessors.ts';

/** The sample network with a ledger that its organisations' validators hold. */

const chain = `medseal-${'5a'.repeat(16)}`;

/** The node of an organisation, with a validator. */
export function nodeOf(organisation: Organisation, stake = 10): Founder {
  const validator = {
    key: word(`validator of ${organisation}`),
    node: word(`node of ${organisation}`).slice(2, 42),
    address: `${organisation}.example:26656`,
    stake,
  };
  const { address: sender } = signatory(`sender of ${organisation}`);
  return { organisation, sender, url: `https://${organisation}.example`, validator };
}

function seatOf(office: string, organisation: Organisation): Member {
  return { organisation, address: signatory(`${office} of ${organisation}`).address };
}

/** Three founders, who hold the ledger. */
export const consortium: NetworkFile = {
  ...network,
  ledger: {
    ...network.ledger,
    chain,
    genesis: bytesToHex(primitives.sha256(utf8ToBytes(chain))),
    timestamp: 1_700_000_000,
  },
  contracts: { ...network.contracts, validators: signatory('validators').address },
  founders: ORGANISATIONS.map((name) => nodeOf(name)),
};

/** The moment from which its successors hold. */
export const FROM = 1_800_000_000;

/** Terms of a successor: organisations join, and others leave. */
export function movedTerms(
  predecessor: NetworkFile,
  joining: readonly Organisation[],
  leaving: readonly Organisation[],
): SuccessorTerms {
  const { from, authority, channels, nodes = [] } = termsOf(predecessor, FROM);
  const stays = (each: { readonly organisation: Organisation }): boolean =>
    !leaving.includes(each.organisation);
  return {
    from,
    authority: {
      ...authority,
      members: [
        ...authority.members.filter(stays),
        ...joining.map((name) => seatOf('authority', name)),
      ],
    },
    channels: channels.map((channel): Channel => ({
      ...channel,
      coordinators: [
        ...channel.coordinators.filter(stays),
        ...joining.map((name) => seatOf('coordinator', name)),
      ],
      logs: [...channel.logs, ...joining.map(logOfNewcomer)],
    })),
    nodes: [...nodes.filter(stays), ...joining.map((name) => nodeOf(name))],
  };
}

/** A successor with the changes of stakes that belong to it, signed by all seats of some organisations. */
export function stakedSuccessor(
  predecessor: NetworkFile,
  terms: SuccessorTerms,
  organisations: readonly Organisation[],
): Successor {
  const made = successorOf(primitives, predecessor, terms);
  const stakes = stakeChangesOf(predecessor, made).map((each) => {
    return { ...each, change: 1, deadline: FROM };
  });
  const draft = draftSuccessor(context, predecessor, terms, { stakes });
  return signSuccessor(context, predecessor, draft, organisations.flatMap(seatsOf));
}
