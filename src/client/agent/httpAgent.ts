import { bytesToHex } from '../../crypto/bytes.ts';
import { tilePath } from '../../crypto/merkle/tilePath.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { LogName } from '../../protocol/ids.ts';
import { operations } from '../../protocol/operations/operations.ts';
import { httpFiles } from './httpFiles.ts';
import { answerBytes, jsonOf, operationCalls, readAnswer, type Fetch } from './operationCalls.ts';

/**
 * Makes the port to an organisation's agent across the network.
 *
 * @param url - The agent's address, such as `http://127.0.0.1:8480/hospital`.
 * @param fetch - Function to use in place of the platform's `fetch`.
 * @throws MedsealError from every method: the problem that the agent answered; `PEER_UNREACHABLE`, `PEER_MALFORMED`.
 * @example
 * ```ts
 * const agent = httpAgent('http://127.0.0.1:8480/hospital');
 * const network = await agent.network();
 * ```
 */
export function httpAgent(url: string, fetch: Fetch = globalThis.fetch): AgentPort {
  const base = url.replace(/\/$/, '');
  const calls = operationCalls(base, fetch);
  const { ask, tell, call } = calls;
  const agent: AgentPort = {
    network: async () => await ask('getNetwork', {}),
    async submit(submissions) {
      return await readAnswer(await call('submit', {}, jsonOf(submissions)), OUTCOMES_OF_LIST);
    },
    facts: async (query) => await ask('askFacts', {}, query),
    changeKey: async (asked) => await ask('changeKey', {}, asked),
    recover: async (recovery) => await ask('recover', {}, recovery),
    recovery: async (party) => await ask('getRecovery', { party }),
    veto: async (request) => await ask('veto', {}, request),
    vital: async (asked) => await ask('placeVital', {}, asked),
    mandate: async (asked) => await ask('placeMandate', {}, asked),
    units: async (asked) => await ask('placeUnits', {}, asked),
    settle: async (asked) => await ask('settle', {}, asked),
    successors: async () => await ask('listSuccessors', {}),
    portal: async () => await ask('getPortal', {}),
    succeed: async (successor) => await ask('succeed', {}, successor),
    suspend: async (suspension) => await ask('suspend', {}, suspension),
    apply: async (application) => await ask('apply', {}, application),
    keep: async (deposit) => await ask('keep', {}, deposit),
    keepCard: async (card) => await tell('putParty', { party: card.party }, card),
    send: async (letter) => await tell('send', {}, letter),
    collect: async (request) => await ask('collect', {}, request),
    findRights: async (request) => await ask('findRights', {}, request),
    notify: async (asked) => await ask('notify', {}, asked),
    card: async (party) => await ask('getParty', { party }),
    sheet: async (query) => await ask('getSheet', query),
    receipt: async ({ log, index }) => await ask('getReceipt', { ...halvesOf(log), index }),
    checkpoint: async (log) => await ask('getCheckpoint', halvesOf(log)),
    checkpoints: async ({ log, from }) => await ask('listCheckpoints', { ...halvesOf(log), from }),
    entries: async ({ log, from }) => await ask('listEntries', { ...halvesOf(log), from }),
    inclusion: async ({ log, index, size }) =>
      await ask('getInclusion', { ...halvesOf(log), index, size }),
    consistency: async ({ log, from, to }) =>
      await ask('getConsistency', { ...halvesOf(log), from, to }),
    blocks: async (query) => await ask('listBlocks', query),
    ledger: async (call) => await ask('askLedger', {}, call),
    batches: async ({ log, from }) => await ask('listBatches', { ...halvesOf(log), from }),
    audit: async (query) => await ask('listAudited', {}, query),
    lists: async (query) => await ask('listViewedRecords', {}, query),
    release: async (asked) => await ask('releaseShares', {}, asked),
    releases: async (asked) => await ask('listReleases', {}, asked),
    erased: async (asked) => await ask('stateErased', {}, asked),
    tallies: async (query) => await ask('listTallies', {}, query),
    async tile({ log, level, index, width }) {
      // The path of a tile in a log begins with the word that the operation's path ends in.
      const tile = tilePath(level, index, width).replace(/^tile\//, '');
      const response = await call('getTlogTile', { ...halvesOf(log), tile });
      return bytesToHex(await answerBytes(response));
    },
    ...httpFiles(base, calls),
  };
  addresses.set(agent, base);
  return agent;
}

/** Form of the answer to a list of submissions; that to a single one is the other. */
const [, OUTCOMES_OF_LIST] = operations.submit.gives[200].json.shapes;
/** Address of each agent. */
const addresses = new WeakMap<AgentPort, string>();

/**
 * Returns the address of an agent across the network.
 *
 * @param agent - The agent.
 * @returns Undefined if it is another kind of port.
 * @example
 * ```ts
 * const agent = httpAgent('http://127.0.0.1:8480/hospital/');
 * console.log(agentAddress(agent)); // http://127.0.0.1:8480/hospital
 * ```
 */
export function agentAddress(agent: AgentPort): string | undefined {
  return addresses.get(agent);
}

/** The two halves of a log's name, as paths have them. */
function halvesOf(log: LogName): { readonly channel: string; readonly organisation: string } {
  const at = log.indexOf('/');
  return { channel: log.slice(0, Math.max(at, 0)), organisation: log.slice(at + 1) };
}
