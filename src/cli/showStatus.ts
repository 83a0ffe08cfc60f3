import { confirmFacts } from '../client/audit/confirmFacts.ts';
import { readPatientState } from '../client/state/PatientState.ts';
import { readRoom } from '../client/state/readRoom.ts';
import { refreshPackets } from '../client/epochs/refreshPackets.ts';
import { guardChart } from '../client/epochs/guardChart.ts';
import { turnPastMandates } from '../client/mandates/turnPastMandates.ts';
import { keySignerOf } from '../device/keystore.ts';
import { isMedsealError } from '../errors/isMedsealError.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { toMedsealError } from '../errors/toMedsealError.ts';
import { createNativePrimitives } from '../native/nativePrimitives.ts';
import { fingerprintOf } from '../protocol/network/fingerprintOf.ts';
import type { Organisation } from '../protocol/ids.ts';
import { isSameNetworkFile } from '../protocol/network/isSameNetworkFile.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import { describeMoment, short } from './describeBody.ts';
import { comingChanges } from './home/comingChanges.ts';
import { followAnywhere, type FollowingDevice } from './home/followAnywhere.ts';
import { findHome, nodesOf } from './home/Home.ts';
import { openVisitor } from './home/openVisitor.ts';
import { agentUrl, promptAgentAt, type Nodes } from './home/Nodes.ts';
import { keysHere } from './key/keysHere.ts';
import { shownState, stateOf, unfinishedChanges } from './key/stateOf.ts';
import {
  followedPath,
  readFollowed,
  readIfPinned,
  readPinnedNetwork,
} from './home/readPinnedNetwork.ts';
import { forkFault } from '../client/audit/forkFault.ts';
import { provesFault } from '../client/audit/provesFault.ts';
import type { VisitorOptions } from './program/sharedOptions.ts';
import type { AnswerOf } from './terminal/Answer.ts';
import { table } from './terminal/table.ts';
import { seconds } from '../protocol/Clock.ts';
import { describeRoom } from './right/describeRoom.ts';
import { describeOwnLife } from './vital/describeLife.ts';
import type { Terminal } from './terminal/Terminal.ts';
import { calledAs } from './program/calledAs.ts';
import type { STATUS_SHOWN } from './networkAnswers.ts';

/**
 * Shows how the device stands: its network, the nodes, its keys; and for a key that is open what the network says of
 * its owner. A patient's device does what it does whenever it connects. Data of the device is shown even if no node
 * answers.
 */
export async function showStatus(
  terminal: Terminal,
  options: VisitorOptions,
): Promise<AnswerOf<typeof STATUS_SHOWN>> {
  const home = findHome(options);
  const known = await readPinnedNetwork(options, home);
  const nodes = await nodesOf(home, options.url, terminal);
  const pinned = await readIfPinned(home);
  terminal.progress.stage('asking the nodes');
  const network =
    options.network === undefined ? await followIfTold({ home, known, nodes }) : known;
  const before = pinned ? await readFollowed(pinned, followedPath(home)) : [];
  const files = [...before, network];
  const organisations = network.authority.members.map(({ organisation }) => organisation);
  const asked = await Promise.all(
    organisations.map(async (organisation) => await askNode(files, nodes, organisation)),
  );
  const keys = await Promise.all(
    (await keysHere(home)).map(async (key) => await stateOf(home, key)),
  );
  const chosen = keys.length === 1 ? keys[0] : keys.find(({ name }) => name === options.as);
  const open = chosen !== undefined && chosen.state !== 'locked' && chosen.role !== undefined;
  const owner = open ? await ownerIfTold(terminal, chosen.name, options) : undefined;
  const primitives = await createNativePrimitives();
  const fingerprint = fingerprintOf(primitives, network);
  const answering = asked.filter(
    ({ url, fault, unchecked }) => url !== undefined && (fault ?? unchecked) === undefined,
  );
  const isWrong = asked.some(({ fault }) => fault !== undefined);
  const isChecked = asked.every(({ unchecked }) => unchecked === undefined);
  const ok = !isWrong && isChecked && owner?.fault === undefined;
  const agents = answering.map(({ organisation }) => promptAgentAt(nodes, organisation));
  const published = await comingChanges(primitives, network, agents);
  const coming = published.map(({ placed }) => placed);
  const { networkId, demo } = network;
  return {
    ok,
    ...(!isWrong && !isChecked && { again: true }),
    value: {
      home: home.path,
      networkId,
      fingerprint,
      demo,
      ...(nodes.url !== undefined && { url: nodes.url }),
      nodes: asked,
      keys,
      coming,
      ...(owner && { owner }),
    },
    lines: [
      `Device   ${home.path}`,
      `Network  ${short(networkId)}${demo ? ', a demonstration' : ''}; fingerprint of its file ${fingerprint}`,
      '',
      ...table(
        ['node', 'address', 'state'],
        asked.map(({ organisation, url = '–', fault, unchecked }) => [
          organisation,
          url,
          fault ?? (unchecked === undefined ? 'answers' : `not checked: ${unchecked}`),
        ]),
        { drop: ['address'] },
      ),
      '',
      ...(keys.length === 0
        ? [`There is no key yet. Next: ${calledAs('key new <name>')}`]
        : table(
            ['key', 'role', 'organisation', 'state'],
            keys.map((key) => {
              const { name, role = '–', organisation = '–' } = key;
              return [name, role, organisation, shownState(key)];
            }),
            { drop: ['organisation', 'role'] },
          )),
      ...unfinishedChanges(keys),
      ...coming.map(
        ({ number, from, fingerprint: print }) =>
          `Change ${number} of the network holds from ${describeMoment(from)} on; fingerprint ${print}`,
      ),
      ...(owner === undefined ? [] : ['', ...owner.lines]),
    ],
  };
}

/** The file in force that nodes go by; the known one if what a node says does not follow: each node is then told of by itself. */
async function followIfTold(at: FollowingDevice): Promise<NetworkFile> {
  try {
    return await followAnywhere(at);
  } catch (error) {
    if (!isMedsealError(error)) throw error;
    return at.known;
  }
}

interface AskedNode {
  readonly organisation: Organisation;
  /** Absent if it is unknown. */
  readonly url?: string;
  readonly fault?: string;
  /** Why it was not checked; absent if it was. */
  readonly unchecked?: string;
}

async function askNode(
  files: readonly NetworkFile[],
  nodes: Nodes,
  organisation: Organisation,
): Promise<AskedNode> {
  const network = files.at(-1);
  let node: AskedNode = { organisation };
  try {
    node = { ...node, url: agentUrl(nodes, organisation) };
    const agent = promptAgentAt(nodes, organisation);
    const theirs = await agent.network();
    if (network !== undefined && isSameNetworkFile(network, theirs)) {
      const primitives = await createNativePrimitives();
      const forked = forkFault({ primitives }, files, await agent.successors());
      return forked === undefined ? node : { ...node, fault: forked };
    }
    const fault = `uses another network file; "${calledAs('verify network')}" compares them`;
    return { ...node, fault };
  } catch (error) {
    const elsewhere = `not at this address; "${calledAs(`join <url> ${organisation}=<url>`)}" sets another`;
    if (isMedsealError(error, 'NOT_FOUND')) return { ...node, unchecked: elsewhere };
    if (isMedsealError(error, 'PEER_UNREACHABLE'))
      return { ...node, unchecked: 'cannot be reached' };
    const failure = toMedsealError(error);
    const { message } = failure;
    return { ...node, ...(provesFault(failure) ? { fault: message } : { unchecked: message }) };
  }
}

interface Owner {
  readonly lines: readonly string[];
  /** Why nothing is known of the owner. */
  readonly fault?: string;
}

/** Facts that the network has of a key's owner, or why it gives none: the rest is shown all the same. */
async function ownerIfTold(
  terminal: Terminal,
  name: string,
  options: VisitorOptions,
): Promise<Owner> {
  try {
    return await ownerOf(terminal, { ...options, as: name });
  } catch (error) {
    const { message, code } = toMedsealError(error);
    const line = `The network’s facts of ${name} cannot be shown: ${message} [${code}]`;
    return { lines: [line], fault: code };
  }
}

async function ownerOf(terminal: Terminal, options: VisitorOptions): Promise<Owner> {
  const { party, key } = await openVisitor(terminal, options);
  const { party: facts } = await confirmFacts(party, { party: party.address });
  if (facts === undefined)
    return {
      lines: [
        `${key.name} is not enrolled yet. Next: ${calledAs(`party apply --as ${key.name} --role <role> --at <organisation>`)}`,
      ],
    };
  const { role, organisation, suspended } = facts;
  const who = `${key.name} is a ${role} of ${organisation}${suspended ? ', suspended' : ''}.`;
  if ((facts.key?.signer ?? facts.party) !== keySignerOf(key)) {
    if (key.next !== undefined) return { lines: [who] };
    throw new MedsealError('KEY_CHANGED', {});
  }
  if (facts.handle === undefined) return { lines: [who] };
  terminal.progress.stage('updating the keys of the chart');
  const wasLocked = await turnPastMandates(party);
  await guardChart(party);
  const { sealed, pending } = await refreshPackets(party);
  const { handle, grants } = await readPatientState(party);
  const { patient } = await confirmFacts(party, { handle });
  const waiting =
    pending.length === 0 ? 'nobody waits for keys' : `${pending.length} wait for keys`;
  return {
    lines: [
      who,
      `The chart is at epoch ${patient?.epoch ?? 0}; the device knows ${grants.length} ${grants.length === 1 ? 'right' : 'rights'}; ${waiting}.`,
      ...(wasLocked
        ? [
            'Somebody who acts for you had chosen keys that no device of yours has, and the keys of the chart turned past them.',
            `You cannot open records that others sealed meanwhile. End the mandate: ${calledAs('mandate list')}`,
          ]
        : []),
      ...describeRoom(await readRoom(party)),
      ...describeOwnLife(patient?.life, short, seconds(party.clock)),
      ...(sealed === 0
        ? []
        : [`Keys were sealed for ${sealed} ${sealed === 1 ? 'reader' : 'readers'} who waited.`]),
    ],
  };
}
