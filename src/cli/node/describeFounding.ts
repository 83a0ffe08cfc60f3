import { bytesToHex } from '../../crypto/bytes.ts';
import { parseVerifierKey } from '../../crypto/note/NoteKey.ts';
import { keepsLedger, type Founding } from '../../folder/Founding.ts';
import type { IdentityFile } from '../../node/founding/identityFiles.ts';
import { changeDelayOf, DEFAULT_CHANGE_DELAY } from '../../protocol/network/changeDelayOf.ts';
import { furtherContractsOf } from '../../protocol/network/furtherContracts.ts';
import { claimTermsOf, DEFAULT_CLAIM_TERMS } from '../../protocol/care/claimTermsOf.ts';
import { DEFAULT_LONGEST_RIGHT, longestRightOf } from '../../protocol/network/longestRightOf.ts';
import { maxLedgerAgeOf } from '../../protocol/network/maxLedgerAgeOf.ts';
import { founderOf } from '../../protocol/network/networkLookups.ts';
import type { Member, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { describeMoment } from '../describeBody.ts';
import { describeChannelTerms } from './describeChannelTerms.ts';
import { describePromises } from './describePromises.ts';

/** Size of a network, and its quorums. */
interface Terms extends Pick<
  Founding,
  'faulty' | 'thresholds' | 'threshold' | 'longestRight' | 'delay' | 'claims' | 'maxLedgerAge'
> {
  readonly organisations: readonly string[];
  readonly isGuarded: boolean;
}

/**
 * Describes a network that is about to be founded, in plain words.
 *
 * @param founding - The founder's decisions.
 * @param isGuarded - True if its organisations deal a release key.
 */
export function describeFounding(founding: Founding, isGuarded: boolean): readonly string[] {
  const { organisations, urls = {}, validators } = founding;
  const [founder = ''] = organisations;
  const named = new Map(founding.others?.map((each) => [each.organisation, each]));
  return [
    'You are about to found this network. It cannot be changed later:',
    '',
    ...organisations.flatMap((name) => {
      const other = named.get(name);
      const what =
        name === founder
          ? `founds it${keepsLedger(founding) ? ', and keeps its ledger' : ''}`
          : 'its keys are in this folder';
      return describeOrganisation(name, other === undefined ? what : 'it keeps its own keys', {
        ...(urls[name] !== undefined && { url: urls[name] }),
        ...other,
        validator: validators?.[name]?.key,
        reached: validators?.[name]?.address,
      });
    }),
    '',
    ...describeChannel(founding.ledger && founding.channel, founding),
    ...describeTerms({ ...founding, isGuarded }, keepsLedger(founding) ? founder : undefined),
    ...(founding.ledger?.of === undefined
      ? []
      : [`  ledger: that of the network ${founding.ledger.of.network}`]),
  ];
}

/**
 * Describes a network file before the node joins its network, in plain words: all of it but the names of its logs, which
 * follow from the rest.
 *
 * @param network - The network file; it follows from the identity files.
 * @param fingerprint - Its fingerprint.
 * @param isTerms - True if it is the terms that its organisations deal a release key for.
 */
export function describeNetwork(
  network: NetworkFile,
  fingerprint: string,
  isTerms: boolean,
): readonly string[] {
  const { authority, channels, contracts, founders = [], ledger } = network;
  const longestRight = longestRightOf(network);
  const maxLedgerAge = maxLedgerAgeOf(network);
  const keepsOwn = ledger.chain === undefined && ledger.of === undefined;
  return [
    `You are about to join the network of ${isTerms ? 'these terms' : 'this file'}. The node then belongs to it for good.`,
    '',
    ...channels.flatMap((channel) => {
      const { name, faulty, thresholds, coordinators, logs } = channel;
      const organisations = coordinators.map(({ organisation }) => organisation);
      return [
        ...logs.flatMap(({ organisation, key }) => {
          const founder = founders.find((each) => each.organisation === organisation);
          const what =
            founder !== undefined && founder === founders[0]
              ? `founded it${keepsOwn ? ', and keeps its ledger' : ''}`
              : 'it keeps its own keys';
          return describeOrganisation(organisation, what, {
            url: founder?.url,
            sender: founder?.sender,
            validator: founder?.validator?.key,
            reached: founder?.validator?.address,
            coordinator: addressIn(coordinators, organisation),
            authority: addressIn(authority.members, organisation),
            log: bytesToHex(parseVerifierKey(key).publicKey),
          });
        }),
        '',
        ...describeChannel(ledger.of && name, channel),
        ...describeTerms(
          {
            organisations,
            faulty,
            thresholds,
            threshold: authority.threshold,
            longestRight,
            delay: changeDelayOf(network),
            claims: claimTermsOf(network),
            ...(maxLedgerAge !== undefined && { maxLedgerAge }),
            isGuarded: isTerms || channel.release !== undefined,
          },
          keepsOwn ? founderOf(network) : undefined,
        ),
      ];
    }),
    '',
    isTerms ? `  terms       ${network.networkId}` : `  network     ${network.networkId}`,
    `  ledger      chain ${ledger.chainId}, begun ${momentOf(ledger.timestamp)}`,
    ...(isTerms && ledger.chain !== undefined ? [] : [`  genesis     ${ledger.genesis}`]),
    ...(ledger.of === undefined ? [] : [`  is that of  the network ${ledger.of.network}`]),
    ...(ledger.chain === undefined || isTerms
      ? []
      : [`  validators  hold the chain ${ledger.chain}`]),
    `  Registry    ${contracts.registry}`,
    `  Consent     ${contracts.consent}`,
    `  Evidence    ${contracts.evidence}`,
    ...(contracts.validators === undefined ? [] : [`  Validators  ${contracts.validators}`]),
    ...furtherContractsOf(contracts).map((name) => {
      return `  ${name.charAt(0).toUpperCase()}${name.slice(1)}  ${contracts[name]}`;
    }),
    '',
    'Compare its fingerprint, which covers all of this, with every other organisation, by telephone or on paper:',
    '',
    `  ${fingerprint}`,
  ];
}

/** The name of a further channel, and the terms of a channel. */
function describeChannel(
  name: string | undefined,
  terms: Parameters<typeof describeChannelTerms>[0],
): readonly string[] {
  const lines = describeChannelTerms(terms);
  return [...(name === undefined ? [] : [`channel: ${name}`]), ...lines].map((line) => `  ${line}`);
}

function addressIn(members: readonly Member[], organisation: string): string {
  return members.find((each) => each.organisation === organisation)?.address ?? '';
}

/** Public facts of an organisation. */
type Shown = Partial<Record<Exclude<keyof IdentityFile, 'format'> | 'reached', string | undefined>>;

function describeOrganisation(name: string, what: string, shown: Shown): readonly string[] {
  const rows = [
    ['address', shown.url],
    ['coordinator', shown.coordinator],
    ['account', shown.sender],
    ['authority', shown.authority],
    ['log', shown.log],
    ['TLS', shown.tls],
    ['validator', shown.validator],
    ['reached at', shown.reached],
  ] as const;
  return [
    `  ${name.padEnd(16)} ${what}`,
    ...rows.flatMap(([of, value]) =>
      value === undefined ? [] : [`    ${of.padEnd(14)} ${value}`],
    ),
  ];
}

function momentOf(timestamp: number | undefined): string {
  if (timestamp === undefined) return 'at an unknown time';
  return describeMoment(timestamp);
}

function describeTerms(
  {
    organisations,
    faulty,
    thresholds,
    threshold,
    longestRight = DEFAULT_LONGEST_RIGHT,
    delay = DEFAULT_CHANGE_DELAY,
    claims: { term } = DEFAULT_CLAIM_TERMS,
    maxLedgerAge,
    isGuarded,
  }: Terms,
  keeper: string | undefined,
): readonly string[] {
  const all = organisations.length;
  const spare = all - Math.max(thresholds.writes, thresholds.views);
  return [
    `  quorum for a write: ${thresholds.writes} of ${all}; for a view: ${thresholds.views} of ${all}`,
    isGuarded
      ? `  guarded: a record opens with keys that ${thresholds.views} of ${all} release for a view in a log`
      : '  unguarded: a record opens with its key packet alone, and no log tells',
    `  quorum to enrol or suspend a party: ${threshold} of ${all}`,
    `  longest right: ${longestRight} s, which is ${Math.floor(longestRight / 86_400)} days`,
    `  a change of who is in it, or a lost key’s: ${delay} s after it is announced`,
    `  a claim is decided, answered, disputed or judged in ${term} s each, and a payment is held for as long`,
    ...(maxLedgerAge === undefined
      ? []
      : [
          `  nobody reads by a right while the ledger’s newest block is over ${maxLedgerAge} s old`,
        ]),
    ...(all > 2
      ? []
      : ['  no third organisation can judge a claim of two: disputes end with the decision']),
    ...describePromises({ organisations: all, faulty, thresholds, isGuarded, keeper }).map(
      (each) => `  ${each}`,
    ),
    spare === 0
      ? '  it stops while any of them is unavailable'
      : `  it works while ${spare} of them ${spare === 1 ? 'is' : 'are'} unavailable`,
  ];
}
