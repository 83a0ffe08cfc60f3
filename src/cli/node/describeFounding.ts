import { bytesToHex } from '../../crypto/bytes.ts';
import { parseVerifierKey } from '../../crypto/note/NoteKey.ts';
import type { Founding } from '../../node/Founding.ts';
import type { IdentityFile } from '../../node/identityFiles.ts';
import { DEFAULT_LONGEST_RIGHT, longestRightOf } from '../../protocol/longestRightOf.ts';
import type { Member, NetworkFile } from '../../protocol/NetworkFile.ts';
import { describeMoment } from '../describeBody.ts';

/** How many organisations a network has, and how many of them must agree. */
interface Terms extends Pick<Founding, 'faulty' | 'thresholds' | 'threshold' | 'longestRight'> {
  readonly organisations: readonly string[];
}

/**
 * What is about to be founded, in plain words.
 *
 * @param founding - What the founder decided.
 */
export function describeFounding(founding: Founding): readonly string[] {
  const { organisations, urls = {} } = founding;
  const [founder = ''] = organisations;
  const named = new Map(founding.others?.map((each) => [each.organisation, each]));
  return [
    'You are about to found a network. It stays as it is founded:',
    '',
    ...organisations.flatMap((name) => {
      const other = named.get(name);
      const what = name === founder ? 'founds it, and keeps its ledger' : 'its keys are here';
      return describeOrganisation(name, other === undefined ? what : 'its keys are its own', {
        ...(urls[name] !== undefined && { url: urls[name] }),
        ...other,
      });
    }),
    '',
    ...describeTerms(founding),
  ];
}

/**
 * What a network file that is about to be taken says, in plain words: all of it but the names of its logs, which follow
 * from the rest.
 *
 * @param network - The network file; it follows from the identity files.
 * @param fingerprint - Its fingerprint.
 */
export function describeNetwork(network: NetworkFile, fingerprint: string): readonly string[] {
  const { authority, channels, contracts, founders = [], ledger } = network;
  const longestRight = longestRightOf(network);
  return [
    `You are about to take this network file; this node then belongs to the network for good.`,
    '',
    ...channels.flatMap(({ faulty, thresholds, coordinators, logs }) => {
      const organisations = coordinators.map(({ organisation }) => organisation);
      return [
        ...logs.flatMap(({ organisation, key }) => {
          const founder = founders.find((each) => each.organisation === organisation);
          const what =
            founder !== undefined && founder === founders[0]
              ? 'founded it, and keeps its ledger'
              : 'its keys are its own';
          return describeOrganisation(organisation, what, {
            ...founder,
            coordinator: addressIn(coordinators, organisation),
            authority: addressIn(authority.members, organisation),
            log: bytesToHex(parseVerifierKey(key).publicKey),
          });
        }),
        '',
        ...describeTerms({
          organisations,
          faulty,
          thresholds,
          threshold: authority.threshold,
          longestRight,
        }),
      ];
    }),
    '',
    `  network     ${network.networkId}`,
    `  ledger      chain ${ledger.chainId}, begun ${momentOf(ledger.timestamp)}`,
    `  genesis     ${ledger.genesis}`,
    `  Registry    ${contracts.registry}`,
    `  Consent     ${contracts.consent}`,
    `  Evidence    ${contracts.evidence}`,
    '',
    'Compare its fingerprint with every other organisation, by telephone or on paper. It covers all of this:',
    '',
    `  ${fingerprint}`,
  ];
}

function addressIn(members: readonly Member[], organisation: string): string {
  return members.find((each) => each.organisation === organisation)?.address ?? '';
}

/** What is public of an organisation. */
type Shown = Partial<Record<Exclude<keyof IdentityFile, 'format'>, string>>;

function describeOrganisation(name: string, what: string, shown: Shown): readonly string[] {
  const rows = [
    ['address', shown.url],
    ['coordinator', shown.coordinator],
    ['account', shown.sender],
    ['authority', shown.authority],
    ['log', shown.log],
  ] as const;
  return [
    `  ${name.padEnd(16)} ${what}`,
    ...rows.flatMap(([of, value]) =>
      value === undefined ? [] : [`    ${of.padEnd(14)} ${value}`],
    ),
  ];
}

function momentOf(timestamp: number | undefined): string {
  if (timestamp === undefined) return 'at a time that it does not say';
  return describeMoment(timestamp);
}

function describeTerms({
  organisations,
  faulty,
  thresholds,
  threshold,
  longestRight = DEFAULT_LONGEST_RIGHT,
}: Terms): readonly string[] {
  const all = organisations.length;
  const spare = all - Math.max(thresholds.writes, thresholds.views);
  return [
    `  a write holds once ${thresholds.writes} of ${all} agree, a view once ${thresholds.views} of ${all}`,
    `  a party is enrolled, or suspended, once ${threshold} of ${all} agree`,
    `  a right holds for ${longestRight} s at most, which is ${Math.floor(longestRight / 86_400)} days`,
    faulty === 0
      ? '  it holds as long as none of them lies: faulty organisations are found out, not outvoted'
      : `  it holds though ${faulty} of them ${faulty === 1 ? 'lies' : 'lie'}`,
    spare === 0
      ? '  it stands still while any of them is away'
      : `  it goes on while ${spare} of them ${spare === 1 ? 'is' : 'are'} away`,
  ];
}
