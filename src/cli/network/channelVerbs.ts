import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { readNewestNetwork } from '../../folder/readNewestNetwork.ts';
import { admitAccount } from '../../node/founding/admissions.ts';
import { parseAccounts, readChannels } from '../../node/founding/channelFiles.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import type { Of } from '../../protocol/Of.ts';
import { readNodeFolder } from '../node/readNodeFolder.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { ACCOUNTS_ADMITTED, CHANNELS_LISTED } from './channelAnswers.ts';

/** Options of `medseal channel list` and `medseal channel admit`. */
export interface ChannelOptions {
  readonly data: string;
  readonly yes?: boolean;
}

/**
 * Lists the channels that the organisation of a node's folder is in, as far as their folders are on this machine.
 *
 * @param _terminal - Not asked.
 * @param options - See `medseal channel list --help`.
 */
export async function listChannels(
  _terminal: Terminal,
  { data }: ChannelOptions,
): Promise<AnswerOf<typeof CHANNELS_LISTED>> {
  const { files } = await readNodeFolder(data);
  const folders = [files.path, ...(await readChannels(files))];
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
  return {
    value: { channels },
    lines:
      channels.length === 0
        ? ['The node is in no channel yet.']
        : channels.map(({ name, organisations, categories, data: folder }) => {
            const takes = categories === undefined ? '' : `; takes ${categories.join(', ')}`;
            return `${name}: ${organisations.join(', ')}${takes}; in ${folder}`;
          }),
  };
}

/**
 * Admits the accounts of a further channel to the network's ledger, as the operator of a member of the authority. Nodes
 * have them enrolled once the quorum of the authority admitted them.
 *
 * @param terminal - Shows the accounts, and asks.
 * @param file - The file of the accounts.
 * @param options - See `medseal channel admit --help`.
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
  const first = own.before?.[0]?.fingerprint ?? fingerprintOf(ports.primitives, own);
  if (first !== network) {
    const reason = 'its accounts are for the ledger of another network';
    throw new MedsealError('CEREMONY_INVALID', { file, reason });
  }
  const by = [...folder.hosts];
  await terminal.confirm(
    [
      `The authority’s member of ${by.join(', ')} will sign that the ledger takes transactions of:`,
      '',
      ...accounts.map(({ organisation, account }) => `  ${account}  of ${organisation}`),
      '',
      'They are for another channel on the ledger. Ask each organisation if the account is its own.',
    ],
    'Admit them?',
  );
  terminal.changing();
  for (const name of by) {
    const member = await openFolder(`${resolve(files.path)}/authority/${name}`);
    for (const each of accounts) await admitAccount(member, each);
  }
  return {
    value: { accounts: [...accounts], by },
    lines: [
      `Admitted by ${by.join(', ')}. Once ${own.authority.threshold} of ${own.authority.members.length} members have, running nodes tell the ledger.`,
    ],
  };
}

async function jsonOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readGivenText(file)) as unknown;
  } catch (cause) {
    throw new MedsealError('CEREMONY_INVALID', { file, reason: 'it is not JSON' }, { cause });
  }
}
