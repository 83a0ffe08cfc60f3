import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { readNewestNetwork } from '../../folder/readNewestNetwork.ts';
import { admitAccount, isAdmitted } from '../../node/founding/admissions.ts';
import {
  accountsOf,
  hasNodeFolder,
  parseAccounts,
  readChannels,
} from '../../node/founding/channelFiles.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { firstFingerprint } from '../../protocol/network/firstFingerprint.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { readNodeFolder } from '../node/readNodeFolder.ts';
import { calledAs } from '../program/calledAs.ts';
import { readGivenText } from '../program/readGiven.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { ACCOUNTS_ADMITTED, ACCOUNTS_WRITTEN, CHANNELS_LISTED } from './channelAnswers.ts';

/** Options of `medseal channel list` and `medseal channel admit`. */
export interface ChannelOptions {
  readonly data: string;
  readonly yes?: boolean;
}

/**
 * Lists the channels that the organisation of a node's folder is in, as far as their folders are on this machine.
 */
export async function listChannels(
  _terminal: Terminal,
  { data }: ChannelOptions,
): Promise<AnswerOf<typeof CHANNELS_LISTED>> {
  const { files } = await readNodeFolder(data);
  const noted = await readChannels(files);
  // To open an absent folder would make it.
  const folders = [files.path, ...noted.filter(hasNodeFolder)];
  const gone = noted.filter((folder) => !hasNodeFolder(folder));
  const ports = await machinePorts();
  const channels: Of<typeof CHANNELS_LISTED>['channels'][number][] = [];
  for (const folder of folders) {
    const network = await readNewestNetwork(await openFolder(folder), ports);
    if (network === undefined) continue;
    const { networkId } = network;
    const fingerprint = fingerprintOf(ports.primitives, network);
    for (const { name, coordinators, thresholds, categories } of network.channels) {
      const organisations = coordinators.map(({ organisation }) => organisation);
      const limit = categories && { categories: [...categories] };
      const own = { name, networkId, fingerprint, data: folder, organisations, ...limit };
      channels.push({ ...own, thresholds });
    }
  }
  const lines = channels.map(({ name, organisations, categories, data: folder }) => {
    const takes = categories === undefined ? '' : `; takes ${categories.join(', ')}`;
    return `${name}: ${organisations.join(', ')}${takes}; in ${folder}`;
  });
  return {
    value: { channels, ...(gone.length > 0 && { gone }) },
    lines: [
      ...(channels.length === 0 ? ['The node is in no channel yet.'] : lines),
      ...gone.map((folder) => `No node is in ${folder} now, where one of a channel was.`),
    ],
  };
}

/** Writes the accounts of a further channel into a file, as its newest network file names them. */
export async function writeChannelAccounts(
  terminal: Terminal,
  file: string,
  { data }: ChannelOptions,
): Promise<AnswerOf<typeof ACCOUNTS_WRITTEN>> {
  if (existsSync(file)) throw wrong('file', `${file} is there already`);
  const { files } = await readNodeFolder(data);
  const newest = await readNewestNetwork(files, await machinePorts());
  if (newest === undefined) throw new MedsealError('NETWORK_ABSENT', { path: files.path });
  const named = accountsOf(newest);
  if (named === undefined) throw wrong('--data', 'its network has a ledger of its own');
  terminal.changing();
  await writeFileWhole(resolve(file), `${JSON.stringify(named, null, 2)}\n`);
  return {
    value: { file, accounts: [...named.accounts] },
    lines: [
      `Wrote ${file}. A quorum of the authority of the network whose ledger it uses must admit them:`,
      `  ${calledAs(`channel admit ${file}`)}`,
    ],
  };
}

/**
 * Admits the accounts of a further channel to the network's ledger, as the operator of a member of the authority. Nodes
 * have them enrolled once the quorum of the authority admitted them.
 */
export async function admitChannel(
  terminal: Terminal,
  file: string,
  { data }: ChannelOptions,
): Promise<AnswerOf<typeof ACCOUNTS_ADMITTED>> {
  const { files, folder } = await readNodeFolder(data);
  const { network, accounts } = parseAccounts(await jsonOf(file), file);
  const ports = await machinePorts();
  const own = await readNewestNetwork(files, ports);
  if (own === undefined) throw new MedsealError('NETWORK_ABSENT', { path: files.path });
  if (firstFingerprint(ports.primitives, own) !== network) {
    const reason = 'its accounts are for the ledger of another network';
    throw new MedsealError('CEREMONY_INVALID', { file, reason });
  }
  const by = [...folder.hosts];
  const members = await Promise.all(
    by.map(async (name) => await openFolder(`${resolve(files.path)}/authority/${name}`)),
  );
  const shown: string[] = [];
  for (const { organisation, account } of accounts) {
    const known = await Promise.all(
      members.map(async (member) => await isAdmitted(member, account, organisation)),
    );
    const before = known.every(Boolean) ? ', admitted before' : '';
    shown.push(`  ${account}  of ${organisation}${before}`);
  }
  await terminal.confirm(
    [
      `The authority’s member of ${by.join(', ')} will sign that the ledger takes transactions of:`,
      '',
      ...shown,
      '',
      'They are for another channel on the ledger. Ask each organisation if the account is its own.',
    ],
    'Admit them?',
  );
  terminal.changing();
  for (const member of members) {
    for (const each of accounts) await admitAccount(member, each);
  }
  return {
    value: { accounts: [...accounts], by },
    lines: [
      `Admitted by ${by.join(', ')}. Once ${own.authority.threshold} of ${own.authority.members.length} members have, running nodes tell the ledger.`,
    ],
  };
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}

async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readGivenText(file)) as unknown;
  } catch (cause) {
    throw new MedsealError('CEREMONY_INVALID', { file, reason: 'it is not JSON' }, { cause });
  }
}
