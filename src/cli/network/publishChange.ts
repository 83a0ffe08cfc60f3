import { dirname, resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { openNodeFolder } from '../../node/NodeFolder.ts';
import { joinSuccession } from '../../node/succession/joinSuccession.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { numberOf } from '../../protocol/wire/numberOf.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { describeMoment } from '../describeBody.ts';
import { ownDoor } from '../home/ownDoor.ts';
import { agentAt, nodesAt } from '../home/Nodes.ts';
import { nodePassphrase } from '../node/nodePassphrase.ts';
import { calledAs } from '../program/calledAs.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CHANGE_PUBLISHED, SUCCESSION_JOINED } from './changeAnswers.ts';
import { draftLeavers, type LeaversDrafted } from './draftLeavers.ts';
import type { SeatOptions } from './openSeats.ts';
import { readChange } from './readChange.ts';
import { readNodeFolder } from '../node/readNodeFolder.ts';

/** Options of `medseal network publish`. */
export interface PublishOptions {
  readonly data: string;
  readonly url?: readonly string[];
  /** Folder for the suspensions of those whose organisation leaves. */
  readonly suspensions?: string;
}

/**
 * Gives a change that enough signed to the node, which begins it at the ledger and shows it to everybody.
 */
export async function publishChange(
  terminal: Terminal,
  file: string,
  { data, url, suspensions }: PublishOptions,
): Promise<AnswerOf<typeof CHANGE_PUBLISHED>> {
  const { successor } = await readChange(file);
  const { files, folder } = await readNodeFolder(data);
  const [organisation] = folder.hosts;
  if (organisation === undefined) throw new MedsealError('NODE_ABSENT', { path: resolve(data) });
  const nodes = url === undefined ? await ownDoor(resolve(data)) : nodesAt(url);
  terminal.progress.stage('waiting for the node and the ledger');
  const placed = await agentAt(nodes, organisation).succeed(successor);
  const written = await readJsonFile(files, 'network.json');
  const isOnOther = written !== undefined && parseNetworkFile(written).ledger.of !== undefined;
  const out = resolve(suspensions ?? dirname(file));
  const { leaving, drafted } = await draftLeavers({ successor, files, out });
  return {
    value: {
      ...placed,
      ...(leaving.length > 0 && { leaving, ...(drafted && { suspensions: drafted }) }),
    },
    lines: [
      `The node keeps change ${placed.number}, and tells the others. From ${describeMoment(placed.from)} on all run by the new network file.`,
      `Fingerprint ${placed.fingerprint}`,
      ...(isOnOther
        ? [
            'If it brings an account, the network whose ledger it uses must admit that before then:',
            `  ${calledAs(`channel accounts accounts.json --data ${data}`)}`,
          ]
        : []),
      ...describeLeavers(leaving, drafted, { out, data }),
    ],
  };
}

function describeLeavers(
  leaving: readonly Organisation[],
  drafted: LeaversDrafted['drafted'],
  { out, data }: { readonly out: string; readonly data: string },
): readonly string[] {
  if (leaving.length === 0) return [];
  const whose = `Leaving: ${leaving.join(', ')}. Their doctors and registrars`;
  if (drafted === undefined) {
    return [
      '',
      `${whose} have to be suspended. Run this again while the node of ${data} runs: it drafts that.`,
    ];
  }
  if (drafted.length === 0) return ['', `${whose} are suspended already.`];
  return [
    '',
    `${whose} have to be suspended. Drafts in ${out}: ${drafted.length}.`,
    'Next: a quorum of the other members signs each, one after the other.',
    ...drafted.map(({ party, file }) => {
      return `  ${calledAs(`party suspend ${party} --data ${data} --file ${file}`)}`;
    }),
  ];
}

/** Options of `medseal network join`. */
export interface JoinNetworkOptions extends SeatOptions {
  readonly network: string;
  readonly successors: string;
}

/** Puts a network's first file and its successors into the folder of a node that joins. */
export async function joinNetwork(
  terminal: Terminal,
  options: JoinNetworkOptions,
): Promise<AnswerOf<typeof SUCCESSION_JOINED>> {
  const network: unknown = JSON.parse(await readGivenText(options.network));
  const successors: unknown = JSON.parse(await readGivenText(options.successors));
  const ports = await machinePorts();
  const askPassphrase = async (): Promise<string> => await nodePassphrase(terminal, options);
  const folder = await openNodeFolder(resolve(options.data), { ports, askPassphrase });
  try {
    terminal.changing();
    const newest = await joinSuccession(folder, { network, successors }, ports);
    const fingerprint = fingerprintOf(ports.primitives, newest);
    const count = numberOf(newest) + 1;
    return {
      value: { data: folder.files.path, fingerprint, files: count },
      lines: [
        `The node in ${folder.files.path} belongs to the network now, by its file ${count}.`,
        `Compare the fingerprint with the others: ${fingerprint}`,
      ],
    };
  } finally {
    await folder.close();
  }
}
