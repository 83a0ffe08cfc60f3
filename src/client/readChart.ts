import { base64 } from '@scure/base';
import { bytesToHex, bytesToUtf8 } from '../crypto/bytes.ts';
import { openBytes } from '../crypto/sealing/openBytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Keyring, Packet } from '../protocol/epochs.ts';
import type { Acknowledgement, Body } from '../protocol/evidence.ts';
import { ZERO32, type Address, type Handle } from '../protocol/ids.ts';
import type { Grant, Write } from '../protocol/requests.ts';
import { digestOf } from '../protocol/signing.ts';
import { verifyAcknowledgement } from '../protocol/verifyAcknowledgement.ts';
import type { Category, Purpose } from '../protocol/vocabulary.ts';
import { epochIdentity } from './epochIdentity.ts';
import type { Party } from './Party.ts';
import { submitEvidence } from './submit.ts';

/** Whose chart is read, relying on which right, for what. */
export interface ChartWanted {
  readonly handle: Handle;
  /** Absent for a patient's own chart. */
  readonly grant?: Grant;
  readonly purpose: Purpose;
}

/** A record version on a chart: what its entry says, which was checked. */
export interface ChartRecord extends Pick<
  Write,
  'record' | 'version' | 'category' | 'epoch' | 'file' | 'size' | 'action'
> {
  readonly author: Address;
  /** Unix seconds. */
  readonly at: number;
  readonly acknowledgement: Acknowledgement;
}

/** A chart that was released, with the keys that open it. */
export interface Chart extends ChartWanted {
  /** Evidence of this view. */
  readonly acknowledgement: Acknowledgement;
  readonly records: readonly ChartRecord[];
  /**
   * The identity that opens a category of an epoch.
   * @throws MedsealError `KEY_PENDING` where the packet does not hold it yet.
   */
  identityFor(epoch: number, category: Category): string;
}

/**
 * Asks for a chart: the list of records and the key packet, released after the view is evidence.
 *
 * @param party - The reader.
 * @param wanted - Whose chart, relying on which right.
 * @throws MedsealError with the code of the refusal; `EVIDENCE_INVALID` where a listed entry does not hold.
 */
export async function readChart(party: Party, wanted: ChartWanted): Promise<Chart> {
  const { handle, grant, purpose } = wanted;
  const view = {
    log: party.log,
    what: 'chart',
    handle,
    record: ZERO32,
    version: 0,
    grant: grant === undefined ? ZERO32 : digestOf(party, 'Grant', grant),
    purpose,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  } as const;
  const { acknowledgement, release } = await submitEvidence(party, 'View', view, {
    ...(grant && { opening: grant }),
  });
  const listed: unknown = release?.records ?? [];
  if (!Array.isArray(listed)) throw new MedsealError('PEER_MALFORMED', { what: 'chart' });
  const records = listed.map((entry: Acknowledgement) => checkRecord(party, handle, entry));
  const identityFor = await keysOf(party, handle, grant, release?.packet);
  return { ...wanted, acknowledgement, records, identityFor };
}

function checkRecord(party: Party, handle: Handle, entry: Acknowledgement): ChartRecord {
  const body: Body = verifyAcknowledgement(party, party.network, entry);
  const { type, message, party: author } = body.request;
  const write = message as Write;
  if (type !== 'Write' || body.flag !== 'A' || write.handle !== handle) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'the entry is not of this chart' });
  }
  const { record, version, category, epoch, file, size, action } = write;
  return {
    record,
    version,
    category,
    epoch,
    file,
    size,
    action,
    author,
    at: body.at,
    acknowledgement: entry,
  };
}

async function keysOf(
  party: Party,
  handle: Handle,
  grant: Grant | undefined,
  sealed: string | undefined,
): Promise<Chart['identityFor']> {
  if (sealed === undefined) return pending;
  const packet = await openPacket(party, sealed);
  if (packet.handle !== handle) throw new MedsealError('SEAL_UNREADABLE', {});
  if (grant === undefined) {
    return (epoch, category) => epochIdentity(party.seed, packet as Keyring, epoch, category);
  }
  return (epoch, category) =>
    (packet as Packet).identities?.[epoch]?.[category] ?? pending(epoch, category);
}

async function openPacket(party: Party, sealed: string): Promise<Packet | Keyring> {
  try {
    const opened = await openBytes([party.identity], base64.decode(sealed));
    return JSON.parse(bytesToUtf8(opened)) as Packet | Keyring;
  } catch (cause) {
    throw new MedsealError('SEAL_UNREADABLE', {}, { cause });
  }
}

function pending(_epoch: number, _category: Category): never {
  throw new MedsealError('KEY_PENDING', {});
}
