import { examineNetwork, type NetworkFinding } from '../../client/audit/examineNetwork.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { comingChanges } from '../home/comingChanges.ts';
import { describeChange } from '../network/describeChange.ts';
import { describeMoment } from '../describeBody.ts';
import { begunChanges, type PendingChange } from './begunChanges.ts';
import { findOtherContract } from '../../node/founding/findOtherContract.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { longestRightOf } from '../../protocol/network/longestRightOf.ts';
import { coordinatorsIn } from '../../protocol/network/networkLookups.ts';
import { isSameNetworkFile } from '../../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { connectPinnedLedger } from '../connectPinnedLedger.ts';
import { findHome } from '../home/Home.ts';
import { nodesAt, promptAgentAt } from '../home/Nodes.ts';
import {
  followedPath,
  pinnedPath,
  readAnyNetwork,
  readFollowed,
  readIfPinned,
  readPinnedNetwork,
} from '../home/readPinnedNetwork.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from './Finding.ts';
import { keptConflicts } from './keptConflicts.ts';
import type { NETWORK_FINDINGS } from './verifyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VERIFY_NETWORK } from './verifyOptions.ts';

/**
 * Verifies a network file: that it is consistent, has the expected fingerprint or is the one that the device has pinned,
 * is the one that the nodes use, and names the ledger, the code and the seats that the contracts have.
 */
export async function verifyNetwork(
  _terminal: Terminal,
  path: string | undefined,
  options: Pick<HomeOptions, 'home' | 'successors'> & OptionsOf<typeof VERIFY_NETWORK>,
): Promise<AnswerOf<typeof NETWORK_FINDINGS>> {
  const home = findHome(options);
  const network =
    path === undefined
      ? await readAnyNetwork(options)
      : await readPinnedNetwork({ ...options, network: path }, home);
  const primitives = await createNativePrimitives();
  const pinned = await readIfPinned(home);
  const followed = pinned ? await readFollowed(pinned, followedPath(home)) : [];
  // The pinned file, or the one that the device followed from it.
  const own = followed.find((each) => isSameNetworkFile(each, network)) ?? pinned;
  const known = own && fingerprintOf(primitives, own);
  const expected = options.fingerprint?.toLowerCase() ?? known;
  const { url, rpc } = options;
  const connect = onceAsked(async () => await connectPinnedLedger(network, rpc ?? '', options));
  const { fingerprint, findings } = await examineNetwork(primitives, network, {
    ...(expected !== undefined && { fingerprint: expected as Bytes32 }),
    ...(url && { agentOf: agentsOf(url) }),
    ...(pinned && { before: followed }),
    ...(rpc !== undefined && {
      ledger: connect,
      findOtherContract: async (ledger) => await findOtherContract(network, ledger, primitives),
    }),
  });
  const coming = await comingChanges(primitives, network, url ? presentAgents(network, url) : []);
  const begun = await begunIn(async () =>
    rpc === undefined ? [] : await begunChanges(primitives, network, await connect(), coming),
  );
  const other = `this device has pinned another file, ${known}`;
  const isOther = known !== undefined && known !== fingerprint;
  const compared = findings.filter((found) => found.unchecked === undefined);
  const unanswered = findings.flatMap((found) =>
    found.unchecked === undefined ? [] : [`${nameOf(network, found)}: ${found.unchecked}`],
  );
  const unchecked = [
    ...(expected === undefined
      ? ['that it is the right file: compare the fingerprint with someone you trust']
      : []),
    ...(url === undefined ? ['the network file of the nodes: --url <url> asks them'] : []),
    ...(rpc === undefined ? ['the ledger: --rpc <url> asks it'] : []),
    ...(rpc !== undefined && network.contracts.validators !== undefined
      ? ['changes of the stakes of keys that neither this file nor a published change names']
      : []),
    ...(begun === undefined ? ['changes that the ledger has begun: it did not say'] : []),
  ];
  const conflicts = await keptConflicts(primitives, [...followed, network], home.path);
  const answer = answerFindings({
    network: fingerprint,
    findings: [
      { what: path ?? pinnedPath(home), safe: true, detail: `consistent; ${describe(network)}` },
      ...compared.map((found) => {
        const finding = told(network, found);
        if (found.subject !== 'fingerprint') return finding;
        if (options.fingerprint === undefined) {
          const how = own === pinned ? 'has pinned it' : 'followed it from the one that it pinned';
          const detail = isOther ? other : `this device ${how}`;
          return { ...finding, what: 'pinned', detail };
        }
        return { ...finding, ...(isOther && { notes: [other] }) };
      }),
      ...conflicts,
    ],
    unchecked,
    unanswered,
  });
  const changes = coming.map(({ placed, before, after, successor }) => {
    return { ...placed, changes: describeChange(before, after, successor) };
  });
  return {
    ...answer,
    value: { ...answer.value, coming: changes, begun: begun ?? [] },
    lines: [...answer.lines, ...toCome(changes, begun ?? [])],
  };
}

/** Changes to come, for people. */
function toCome(
  coming: Of<typeof NETWORK_FINDINGS>['coming'],
  begun: readonly PendingChange[],
): readonly string[] {
  if (coming.length + begun.length === 0) return [];
  return [
    '',
    'To come:',
    ...coming.flatMap(({ number, from, fingerprint, changes }) => [
      `  - change ${number} of the network holds from ${describeMoment(from)} on; fingerprint ${fingerprint}`,
      ...changes.map((line) => `      ${line}`),
    ]),
    ...begun.map(({ what, organisation, key, readyAt, number }) => {
      const subject = what === 'stake' ? `stake of ${organisation}, key ${key}` : what;
      const whose =
        number === undefined ? 'of no change that was shown here' : `of change ${number}`;
      return `  - the ledger has begun to change the ${subject}, and can from ${describeMoment(readyAt)} on; it is part ${whose}`;
    }),
  ];
}

/** Undefined if the ledger fails to answer, which is a finding already or is told as unchecked. */
async function begunIn(
  read: () => Promise<readonly PendingChange[]>,
): Promise<readonly PendingChange[] | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof MedsealError)) throw error;
    return undefined;
  }
}

/** Runs a question once, whoever asks. */
function onceAsked<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let asked: Promise<Answer> | undefined;
  return async () => await (asked ??= ask());
}

/** The nodes of all organisations in the channels. */
function presentAgents({ channels }: NetworkFile, url: readonly string[]): readonly AgentPort[] {
  const all = channels.flatMap(({ coordinators }) => coordinators);
  const names = new Set(all.map(({ organisation }) => organisation));
  return [...names].map(agentsOf(url));
}

function agentsOf(url: readonly string[]): (organisation: Organisation) => AgentPort {
  const nodes = nodesAt(url);
  return (organisation) => promptAgentAt(nodes, organisation);
}

/** Finding in plain words: what was compared, then its fault or what the file says of it. */
function told(network: NetworkFile, found: NetworkFinding): Finding {
  return {
    what: nameOf(network, found),
    safe: found.fault === undefined,
    detail: found.fault ?? said(network, found),
  };
}

function nameOf({ channels }: NetworkFile, found: NetworkFinding): string {
  if (found.subject === 'node') return `node of ${found.organisation}`;
  if (found.subject === 'coordinators' && channels.length > 1) {
    return `coordinators of ${found.channel}`;
  }
  return found.subject;
}

function said(network: NetworkFile, found: NetworkFinding): string {
  switch (found.subject) {
    case 'fingerprint':
      return 'the fingerprint is the expected one';
    case 'node':
      return 'uses this file';
    case 'ledger':
      return `chain ${network.ledger.chainId} with this genesis`;
    case 'contracts':
      return 'their code is that of this version';
    case 'authority':
      return seats(network.authority);
    case 'coordinators': {
      const channel = network.channels.find(({ name }) => name === found.channel);
      return channel === undefined ? '' : seats(coordinatorsIn(channel));
    }
    case 'rights':
      return `the longest right is ${longestRightOf(network)} s, as in the contract`;
  }
}

function seats({ threshold, members }: NetworkFile['authority']): string {
  return `${threshold} of ${members.length}, as in the Registry`;
}

function describe({ channels, demo, ledger, networkId }: NetworkFile): string {
  const parts = channels.map(
    ({ name, thresholds: { writes, views }, coordinators, faulty, categories, controlled }) =>
      `channel ${name}${categories === undefined ? '' : ` for ${categories.join(', ')}`}, with ${coordinators.length} coordinators; quorum for writes ${writes}, for views ${views}; ${faulty} may be faulty${controlled === undefined ? '' : `; ${controlled.length} codes of controlled medicines`}`,
  );
  return `network ${networkId.slice(0, 10)}…${demo ? ' (demonstration)' : ''}: ${parts.join('; ')}${ledger.of === undefined ? '' : `; on the ledger of the network ${ledger.of.network.slice(0, 10)}…`}`;
}
