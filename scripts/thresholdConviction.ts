import { bytesToHex, hexToBytes, utf8ToBytes } from '../src/crypto/bytes.ts';
import { leafHash } from '../src/crypto/merkle/leafHash.ts';
import { portablePrimitives } from '../src/crypto/portablePrimitives.ts';
import type { GroupPort } from '../src/crypto/threshold/GroupPort.ts';
import type { Body, SignedVerdict } from '../src/protocol/evidence/evidence.ts';
import { ZERO32, type Bytes32, type Hex } from '../src/protocol/ids.ts';
import type { NetworkFile } from '../src/protocol/network/NetworkFile.ts';
import { readerSalt } from '../src/protocol/release/readerSalt.ts';
import { releaseKeyOf } from '../src/protocol/release/releaseKeyOf.ts';
import { sealHash, shareHash, shareKeyId } from '../src/protocol/release/releasedShare.ts';
import type { ReleaseProof } from '../src/protocol/release/ReleaseProof.ts';
import { recipientHash } from '../src/protocol/rights/recipientHash.ts';
import type { Verdict } from '../src/protocol/struct/requests.ts';
import { domainOf } from '../src/protocol/struct/domainOf.ts';
import { sign } from '../src/protocol/struct/signing.ts';
import { network as sample, signatory, word } from '../src/protocol/test/sampleNetwork.ts';
import { canonicalJson } from '../src/protocol/wire/canonicalJson.ts';
import { listRoot } from '../src/protocol/wire/listRoot.ts';

/** A network file, and a proof that convicts the coordinator of its first organisation of a false share. */
export interface ThresholdConviction {
  readonly network: NetworkFile;
  readonly proof: ReleaseProof;
}

/** A release key in a vector, and what the first member released for a seal. */
export interface FalseRelease {
  readonly networkId: Hex;
  readonly channel: string;
  readonly handle: Bytes32;
  readonly record: Bytes32;
  readonly version: number;
  readonly threshold: number;
  readonly publicKey: Hex;
  /** Public keys of the members' shares, by their indices from 1. */
  readonly memberKeys: readonly Hex[];
  readonly seal: Hex;
  readonly encapsulation: Bytes32;
  readonly share: Hex;
}

const AT = 1_800_000_000;

/**
 * Makes the file by which a reader convicts a coordinator of a false share. All keys follow from the organisations' names.
 *
 * @param group - Arithmetic.
 * @param given - Seal, shares and label of the release.
 */
export function thresholdConviction(group: GroupPort, given: FalseRelease): ThresholdConviction {
  const primitives = { ...portablePrimitives, group };
  const network = networkOf(given);
  const context = { domain: domainOf(network), primitives };
  const [channel] = network.channels;
  const [log] = channel?.logs ?? [];
  const key = log && releaseKeyOf(network, log.name);
  const named = key && shareKeyId(primitives, key, log.organisation);
  if (log === undefined || named === undefined) throw new Error('the network has no such share');
  const { handle, record, version, seal, encapsulation } = given;
  const recipient = 'age1pq1reader';
  const view = {
    log: log.name,
    what: 'record',
    handle,
    record,
    version,
    grant: ZERO32,
    purpose: 'TREAT',
    deadline: AT + 300,
    salt: readerSalt(primitives, recipient, 0),
  } as const;
  const request = sign(context, signatory('doctor'), 'View', view);
  const salt: Hex = `0x${'0c'.repeat(16)}`;
  const said: Body = {
    format: 'medseal-body/1',
    flag: 'A',
    log: log.name,
    at: AT,
    block: 7,
    request,
    salt,
  };
  const body = canonicalJson(said);
  const entry = bytesToHex(primitives.sha256(utf8ToBytes(body)));
  const root = listRoot(primitives, [entry]);
  const verdict: Verdict = {
    kind: 'views',
    log: log.id,
    size: 1,
    root,
    at: AT,
    includeBy: AT + 60,
  };
  const verdicts: SignedVerdict[] = organisations(given).map((name) => {
    const signed = sign(context, coordinatorOf(name), 'Verdict', verdict);
    return { verdict, coordinator: signed.party, signature: signed.signature, index: 0, proof: [] };
  });
  // The release is of two views, so that each root has a proof.
  const salted = { share: given.share, salt: `0x${'0d'.repeat(16)}` } as const;
  const lists = {
    entries: [entry, word('another entry')],
    shares: [shareHash(primitives, salted), word('another share')],
    seals: [sealHash(primitives, { seal, encapsulation }), word('another seal')],
  };
  const beside = ([, other = ZERO32]: readonly Bytes32[]): Bytes32[] => [
    bytesToHex(leafHash(primitives, hexToBytes(other))),
  ];
  const release = {
    log: log.id,
    entries: listRoot(primitives, lists.entries),
    shares: listRoot(primitives, lists.shares),
    seals: listRoot(primitives, lists.seals),
    key: named,
    recipient: recipientHash(primitives, recipient),
    at: AT + 1,
  };
  const { party, signature } = sign(
    context,
    coordinatorOf(log.organisation),
    'ShareRelease',
    release,
  );
  return {
    network,
    proof: {
      format: 'medseal-release/2',
      view: { log: log.name, index: 0, entry, body, verdicts },
      recipient,
      place: 0,
      seal,
      encapsulation,
      statements: [
        {
          coordinator: party,
          signature,
          release,
          index: 0,
          size: 2,
          inclusion: beside(lists.entries),
          sealInclusion: beside(lists.seals),
          share: { ...salted, inclusion: beside(lists.shares) },
        },
      ],
    },
  };
}

function networkOf(given: FalseRelease): NetworkFile {
  const { networkId, channel: name, threshold, publicKey, memberKeys } = given;
  const [channel] = sample.channels;
  const [log] = channel?.logs ?? [];
  if (channel === undefined || log === undefined) throw new Error('the sample has no log');
  const all = organisations(given);
  const shares = all.map((organisation, place) => {
    return { organisation, index: place + 1, key: memberKeys[place] ?? '0x' };
  });
  return {
    ...sample,
    networkId,
    channels: [
      {
        ...channel,
        name,
        thresholds: { writes: threshold, views: threshold },
        coordinators: all.map((organisation) => {
          return { organisation, address: coordinatorOf(organisation).address };
        }),
        logs: [{ ...log, name: `${name}/${all[0] ?? ''}`, organisation: all[0] ?? '' }],
        release: { threshold, publicKey, shares },
      },
    ],
  };
}

function organisations({ memberKeys }: FalseRelease): readonly string[] {
  return memberKeys.map((_, place) => `member-${place + 1}`);
}

function coordinatorOf(organisation: string): ReturnType<typeof signatory> {
  return signatory(`coordinator of ${organisation}`);
}
