import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { parseVerifierKey } from '../crypto/note/NoteKey.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { canonicalJson } from './canonicalJson.ts';
import { ADDRESS, BYTES32, findMisfit, type Shape } from './findMisfit.ts';
import { holds } from './holds.ts';
import type { Bytes32 } from './ids.ts';
import type { Channel, LogIdentity, Member, NetworkFile } from './NetworkFile.ts';

const ORGANISATION = /^[a-z0-9-]{1,31}$/;
const MEMBER: Shape = { organisation: ORGANISATION, address: ADDRESS };
const NETWORK: Shape = {
  format: /^medseal-network\/1$/,
  networkId: BYTES32,
  demo: 'boolean',
  ledger: { chainId: 'count', genesis: BYTES32 },
  contracts: { registry: ADDRESS, consent: ADDRESS, evidence: ADDRESS },
  authority: { threshold: 'count', members: [MEMBER] },
  channels: [
    {
      name: ORGANISATION,
      threshold: 'count',
      coordinators: [MEMBER],
      logs: [
        { name: 'text', organisation: ORGANISATION, origin: 'text', id: BYTES32, key: 'text' },
      ],
    },
  ],
};

/**
 * Takes a network file from outside, and checks that it agrees with itself: thresholds that organisations can meet
 * and that two disjoint groups can not, no seat twice, log ids and keys that belong to their origins. Whether it is
 * the right one, only who gave it can tell: compare the fingerprint.
 *
 * @param primitives - SHA-256.
 * @param value - What was decoded from JSON.
 * @throws MedsealError `NETWORK_FILE_INVALID` naming what is wrong.
 */
export function parseNetworkFile(
  primitives: Pick<Primitives, 'sha256'>,
  value: unknown,
): NetworkFile {
  const misfit = findMisfit(NETWORK, value, 'it');
  if (misfit !== undefined) throw invalid(misfit);
  const network = value as NetworkFile;
  checkSeats('the authority', network.authority.members, network.authority.threshold);
  for (const channel of network.channels) checkChannel(primitives, channel);
  const names = network.channels.flatMap(({ logs }) => logs.map(({ name }) => name));
  if (new Set(names).size < names.length) throw invalid('a log is there twice');
  if (names.length === 0) throw invalid('it names no log');
  return network;
}

/**
 * What people compare to know that they pinned the same network file: SHA-256 of its canonical JSON.
 *
 * @param primitives - SHA-256.
 * @param network - The network file.
 */
export function fingerprintOf(
  primitives: Pick<Primitives, 'sha256'>,
  network: NetworkFile,
): Bytes32 {
  return bytesToHex(primitives.sha256(utf8ToBytes(canonicalJson(network))));
}

function checkChannel(primitives: Pick<Primitives, 'sha256'>, channel: Channel): void {
  const { name, threshold, coordinators, logs } = channel;
  checkSeats(`channel ${name}`, coordinators, threshold);
  if (2 * threshold <= organisations(coordinators)) {
    throw invalid(`in channel ${name} two groups of coordinators could disagree`);
  }
  for (const log of logs) checkLog(primitives, name, log);
}

function checkSeats(what: string, members: readonly Member[], threshold: number): void {
  if (new Set(members.map(({ address }) => address)).size < members.length) {
    throw invalid(`${what} has a key twice`);
  }
  if (threshold < 1 || threshold > organisations(members)) {
    throw invalid(`${what} has a threshold that its organisations can not meet`);
  }
}

function checkLog(
  primitives: Pick<Primitives, 'sha256'>,
  channel: string,
  { name, organisation, origin, id, key }: LogIdentity,
): void {
  if (name !== `${channel}/${organisation}`) throw invalid(`log ${name} has a foreign name`);
  if (bytesToHex(primitives.sha256(utf8ToBytes(origin))) !== id) {
    throw invalid(`log ${name} has the id of another origin`);
  }
  if (!holds(() => parseVerifierKey(key).name === origin)) {
    throw invalid(`log ${name} has the key of another origin`);
  }
}

function organisations(members: readonly Member[]): number {
  return new Set(members.map(({ organisation }) => organisation)).size;
}

function invalid(reason: string): MedsealError {
  return new MedsealError('NETWORK_FILE_INVALID', { reason });
}
