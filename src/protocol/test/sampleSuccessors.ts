import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { createNoteKey, type NoteKey } from '../../crypto/note/NoteKey.ts';
import type { Organisation } from '../ids.ts';
import type { Channel, LogIdentity, NetworkFile } from '../network/NetworkFile.ts';
import { draftSuccessor, signSuccessor } from '../network/signSuccessor.ts';
import type { Successor } from '../network/Successor.ts';
import type { SuccessorTerms } from '../network/successorOf.ts';
import { context, originOf, primitives, signatory, word, type Signatory } from './sampleNetwork.ts';

/** Successors of the sample network; the keys of a seat follow from its name. */

/** The keys of an organisation's seats, as the sample network names them. */
export function seatsOf(organisation: Organisation): readonly Signatory[] {
  return ['authority', 'coordinator'].map((office) => signatory(`${office} of ${organisation}`));
}

/** The terms of a successor that changes nothing. */
export function termsOf(
  { authority, channels, nodes, founders }: NetworkFile,
  from: number,
): SuccessorTerms {
  const present = nodes ?? founders;
  return { from, authority, channels, ...(present && { nodes: present }) };
}

/** The channel with another key of one coordinator. */
export function withCoordinator(
  { coordinators, ...channel }: Channel,
  organisation: Organisation,
  key: Signatory,
): Channel {
  return {
    ...channel,
    coordinators: coordinators.map((each) =>
      each.organisation === organisation ? { organisation, address: key.address } : each,
    ),
  };
}

/** The channel with another key of one organisation's log. */
export function withLogKey(channel: Channel, organisation: Organisation, key: NoteKey): Channel {
  return {
    ...channel,
    logs: channel.logs.map((log) =>
      log.organisation === organisation ? { ...log, key: key.verifierKey } : log,
    ),
  };
}

/** A note key that an organisation's log gets after its first one. */
export function laterNoteKeyOf(organisation: Organisation, which = 'second'): NoteKey {
  const seed = primitives.sha256(utf8ToBytes(`${which} log of ${organisation}`));
  return createNoteKey(originOf(organisation), seed);
}

/** The log of an organisation that is in no sample network. */
export function logOfNewcomer(organisation: Organisation): LogIdentity {
  const origin = originOf(organisation);
  const seed = primitives.sha256(utf8ToBytes(`log of ${organisation}`));
  return {
    name: `care/${organisation}`,
    organisation,
    origin,
    id: word(origin),
    key: createNoteKey(origin, seed).verifierKey,
  };
}

/** A successor that all seats of some organisations signed. */
export function signedBy(
  predecessor: NetworkFile,
  terms: SuccessorTerms,
  organisations: readonly Organisation[],
): Successor {
  const draft = draftSuccessor(context, predecessor, terms);
  return signSuccessor(context, predecessor, draft, organisations.flatMap(seatsOf));
}

/** A value of `successors.json`, as it is read. */
export function fileOf(...successors: readonly Successor[]): unknown {
  return JSON.parse(JSON.stringify({ format: 'medseal-successors/1', successors }));
}

/** A signature that belongs to nothing. */
export const rubbish = bytesToHex(new Uint8Array(65).fill(7));
