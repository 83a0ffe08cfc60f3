import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import {
  isSameUpgrade,
  parametersIn,
  type ChainParameters,
} from '../../protocol/network/engineUpgrade.ts';
import {
  furtherContractsOf,
  type FurtherContract,
} from '../../protocol/network/furtherContracts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { Channel, Founder, Member, NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { organisationName, presentNodes } from '../../protocol/network/networkLookups.ts';
import type { KeyRemoval } from '../../protocol/struct/requests.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { releasesIn } from '../../protocol/release/releasesIn.ts';
import { describeChannelTerms } from '../node/describeChannelTerms.ts';

/** The use of each care contract. */
const ABOUT: Readonly<Record<FurtherContract, string>> = {
  prescriptions: 'prescriptions, and what is dispensed of them',
  vitalRecords: 'births, deaths and wills',
  settlement: 'the units that claims are paid in',
  claims: 'claims, and disputes about them',
  mandates: 'keys that act for patients',
};

/** The line about a validator's key that is replaced without the ledger's delay. */
const AT_ONCE =
  'this key takes the place of the one before as soon as the change is published, and that one never signs blocks again';

/** The line about a validator's key that loses its power without the ledger's delay. */
function takesPower({ organisation, key }: KeyRemoval): string {
  const name = organisationName(organisation);
  return `the key ${key} of the validator of ${name} has no power from the moment on at which the change is published; it has it again after the ledger’s delay, unless a change that takes its stake is published before`;
}

/** The line about a change that changes nothing. */
export const NOTHING = 'nothing changes';

/**
 * Describes a change of a network to those who are to sign it: all keys and addresses that are not as they were.
 *
 * @param before - The network file before.
 * @param after - The one that follows it.
 * @param successor - The change that makes it, if that is known.
 * @returns Lines.
 */
export function describeChange(
  before: NetworkFile,
  after: NetworkFile,
  successor?: Pick<Successor, 'replacement' | 'removal'>,
): readonly string[] {
  const lines = compareOffice('the authority', before.authority, after.authority);
  for (const channel of after.channels) {
    const was = before.channels.find(({ name }) => name === channel.name);
    const { thresholds, coordinators } = channel;
    lines.push(
      ...compareOffice(
        `the coordinators of ${channel.name}`,
        { threshold: was?.thresholds.writes ?? 0, members: was?.coordinators ?? [] },
        { threshold: thresholds.writes, members: coordinators },
      ),
    );
    for (const { id, name, key } of channel.logs) {
      if (was?.logs.find((log) => log.id === id)?.key !== key)
        lines.push(`the log ${name} has the key ${key}`);
    }
    const same = new Set(describeChannelTerms(was ?? {}));
    const others = describeChannelTerms(channel).filter((line) => !same.has(line));
    lines.push(...others.map((line) => `${channel.name}: ${line}`));
    if (was?.thresholds.views !== thresholds.views || was.faulty !== channel.faulty) {
      lines.push(
        `${channel.name}: ${thresholds.views} must judge a view, ${channel.faulty} may be faulty`,
      );
    }
  }
  for (const channel of after.channels) {
    const was = before.channels.find(({ name }) => name === channel.name);
    lines.push(...compareReleases(channel, was));
  }
  for (const node of after.nodes ?? []) {
    const was = presentNodes(before).find(({ organisation }) => organisation === node.organisation);
    const { organisation, url, tls, sender } = node;
    if (was?.url !== url) lines.push(`the node of ${organisation} is at ${url ?? 'no address'}`);
    if (was?.tls !== tls) {
      lines.push(
        `the node of ${organisation} has ${tls === undefined ? 'no TLS key' : `the TLS key ${tls}`}`,
      );
    }
    if (was?.sender !== sender) {
      lines.push(`the node of ${organisation} sends to the ledger from ${sender}`);
    }
  }
  lines.push(...compareValidators(presentNodes(before), presentNodes(after)));
  if (successor?.replacement !== undefined) lines.push(AT_ONCE);
  if (successor?.removal !== undefined) lines.push(takesPower(successor.removal.message));
  for (const name of furtherContractsOf(after.contracts)) {
    if (before.contracts[name] !== undefined) continue;
    lines.push(
      `the network gets the contract ${name}, for ${ABOUT[name]}: ${after.contracts[name]}`,
    );
  }
  lines.push(...compareEngines(before, after));
  const { block } = after.before?.[before.before?.length ?? 0] ?? {};
  if (block !== undefined) {
    lines.push(`it states block ${block.height} of the ledger, ${block.hash}`);
  }
  return lines.length === 0 ? [NOTHING] : lines;
}

/** Lines about the release keys of a channel, each by the beginning of its public key. */
function compareReleases(channel: Channel, was: Channel | undefined): string[] {
  const [before, after] = [was === undefined ? [] : releasesIn(was), releasesIn(channel)];
  const lines = after.flatMap(({ publicKey, threshold, shares }) => {
    const key = before.find((each) => each.publicKey === publicKey);
    if (key?.threshold === threshold && canonicalJson(key.shares) === canonicalJson(shares))
      return [];
    const names = shares.map(({ organisation }) => organisation).join(', ');
    const who = `${names} have a share each, and ${threshold} of them open`;
    const what = key === undefined ? 'a new release key' : 'other shares of the release key';
    return [`${channel.name}: ${what} ${publicKey.slice(0, 18)}…: ${who}`];
  });
  for (const { publicKey } of before) {
    if (after.some((key) => key.publicKey === publicKey)) continue;
    lines.push(
      `${channel.name}: the release key ${publicKey.slice(0, 18)}… is given up: what is sealed under it opens for its patients alone`,
    );
  }
  return lines;
}

/** Words about a parameter of the chain. */
const PARAMETER: Readonly<Record<keyof ChainParameters, (value: number) => string>> = {
  blockGas: (value) => `a block has at most ${value} gas`,
  absenceWindow: (value) => `absence is counted over ${value} blocks, from zero on`,
};

/** Lines about an upgrade of the engine, of the chain's parameters, or of the codes that create contracts. */
function compareEngines(before: NetworkFile, { engine }: NetworkFile): string[] {
  if (engine === undefined || isSameUpgrade(engine, before.engine)) return [];
  return [
    `from block ${engine.height} on the validators run this engine, if before that block over two thirds of them state that they hold it:`,
    ...Object.entries(engine.programs).map(([platform, sha256]) => `  ${platform} ${sha256}`),
    ...parametersIn(engine.parameters).map(
      ([name, value]) => `  from then on ${PARAMETER[name](value)}`,
    ),
    ...(engine.codes ?? []).map(
      ({ length, hash }) =>
        `  from then on the organisations’ accounts can create contracts by the code ${hash}, of ${length} bytes`,
    ),
  ];
}

/** Lines about the validators: those that hold the ledger, and their shares of power. */
function compareValidators(before: readonly Founder[], after: readonly Founder[]): string[] {
  const all = [...before, ...after].map(({ organisation }) => organisation);
  const power = after.reduce((sum, { validator }) => sum + (validator?.stake ?? 0), 0);
  const held = new Set(before.flatMap(({ validator }) => validator?.key ?? []));
  const kept = after.reduce((sum, { validator }) => {
    return sum + (validator && held.has(validator.key) ? validator.stake : 0);
  }, 0);
  // Over two thirds of the power must sign a block.
  const isHalt = 3 * kept <= 2 * power && power > 0;
  const halt = `from then on the ledger stands still until new validators run: those that hold it keep ${kept} of ${power} of the power`;
  const lines = [...new Set(all)].flatMap((name) => {
    const [was, is] = [before, after].map(
      (nodes) => nodes.find(({ organisation }) => organisation === name)?.validator,
    );
    if (is === undefined) return was === undefined ? [] : [`${name} holds the ledger no more`];
    const lines: string[] = [];
    if (was?.key !== is.key || was.stake !== is.stake) {
      lines.push(
        `${name} holds the ledger with the key ${is.key}, and ${is.stake} of ${power} of the power`,
      );
    }
    if (was?.node !== is.node || was.address !== is.address) {
      lines.push(`the validator of ${name} is ${is.node} at ${is.address}`);
    }
    return lines;
  });
  return isHalt ? [...lines, halt] : lines;
}

function compareOffice(
  what: string,
  before: NetworkFile['authority'],
  after: NetworkFile['authority'],
): string[] {
  const lines = after.members.flatMap(({ organisation, address }) => {
    const was = keyOf(before.members, organisation);
    if (was === undefined) return [`${organisation} joins ${what} with the key ${address}`];
    return was === address ? [] : [`${organisation} has the key ${address} among ${what}`];
  });
  for (const { organisation } of before.members) {
    if (keyOf(after.members, organisation) === undefined)
      lines.push(`${organisation} leaves ${what}`);
  }
  if (before.threshold !== after.threshold) {
    lines.push(`${after.threshold} of ${after.members.length} are a quorum of ${what}`);
  }
  return lines;
}

function keyOf(members: readonly Member[], name: Organisation): string | undefined {
  return members.find(({ organisation }) => organisation === name)?.address;
}
