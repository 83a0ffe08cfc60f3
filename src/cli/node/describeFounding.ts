import type { Founding } from '../../node/Founding.ts';
import { DEFAULT_LONGEST_RIGHT, longestRightOf } from '../../protocol/longestRightOf.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';

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
  const { organisations } = founding;
  const [founder = ''] = organisations;
  const named = new Map(founding.others?.map((each) => [each.organisation, each]));
  return [
    'You are about to found a network. It stays as it is founded:',
    '',
    ...organisations.map((name) => {
      const other = named.get(name);
      const what = name === founder ? 'founds it, and keeps its ledger' : 'its keys are here';
      return `  ${name.padEnd(16)} ${other === undefined ? what : `coordinator ${other.coordinator}`}`;
    }),
    '',
    ...describeTerms(founding),
  ];
}

/**
 * What a network file that is about to be taken says, in plain words.
 *
 * @param network - The network file.
 * @param fingerprint - Its fingerprint.
 */
export function describeNetwork(network: NetworkFile, fingerprint: string): readonly string[] {
  const { authority, channels } = network;
  const longestRight = longestRightOf(network);
  return [
    `You are about to take this network file; this node then belongs to the network for good.`,
    '',
    ...channels.flatMap(({ faulty, thresholds, coordinators }) => {
      const organisations = coordinators.map(({ organisation }) => organisation);
      return [
        `  ${organisations.join(', ')}`,
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
    'Compare its fingerprint with the other organisations, by telephone or on paper:',
    '',
    `  ${fingerprint}`,
  ];
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
