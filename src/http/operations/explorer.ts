import { MedsealError } from '../../errors/MedsealError.ts';
import { answering } from '../Answering.ts';
import { costOfLedgerRead } from '../limits/costOfLedgerRead.ts';
import { json } from '../Reply.ts';

/** Operations that show logs and ledger to anyone. */
export const explorerAnswers = answering({
  listBlocks: {
    tag: 'Explorer',
    summary:
      'Lists blocks of the ledger with the events of the contracts in them, some dozens at once.',
    description:
      'The list is empty after the last block. The ledger itself speaks Ethereum JSON-RPC, at another address.',
    refuses: ['LEDGER_REJECTED', 'PEER_MALFORMED'],
    answer: async (agent, { parameters }) =>
      json(await agent.blocks(parameters), { keeping: 'checked' }),
  },
  askLedger: {
    tag: 'Explorer',
    summary: 'Answers one call of Ethereum JSON-RPC 2.0 that only reads the ledger.',
    description:
      'Methods that write or compute, and lists of calls, are refused; `eth_getLogs` takes 2,000 blocks at most, each ' +
      'named by its number. A call counts in its caller’s rate by what it makes the ledger do. In a production network the setting `ledger.reads` opens this to parties; until then the ' +
      'answer is `NOT_FOUND`. An error is a problem, as elsewhere here, and no JSON-RPC error.',
    refuses: ['LEDGER_PRUNED', 'LEDGER_REJECTED', 'NOT_FOUND', 'PEER_MALFORMED'],
    place: 'ledger',
    cost: costOfLedgerRead,
    async answer(agent, { body, opensLedger }) {
      if (!opensLedger) throw new MedsealError('NOT_FOUND', { what: 'ledger open to readers' });
      return json(await agent.ledger(body));
    },
  },
  listCheckpoints: {
    tag: 'Explorer',
    summary:
      'Lists checkpoints of a log that stand on the ledger, smallest first, some dozens at once.',
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, from } }) {
      const placed = await agent.checkpoints({ log: `${channel}/${organisation}`, from });
      return json(placed, { keeping: 'checked' });
    },
  },
  listBatches: {
    tag: 'Explorer',
    summary:
      'Lists numbered batches of a log, some hundred at once; the list is empty after the last.',
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, from } }) {
      const batches = await agent.batches({ log: `${channel}/${organisation}`, from });
      return json(batches, { keeping: 'checked' });
    },
  },
  listEntries: {
    tag: 'Explorer',
    summary: 'Lists entries of a log, some hundred at once; the list is empty after the last.',
    description:
      'An entry is 32 bytes that reveal nothing. To read whole logs, use the tiles: they hold the same entries.',
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, from } }) {
      const entries = await agent.entries({ log: `${channel}/${organisation}`, from });
      return json(entries, { keeping: 'checked' });
    },
  },
  getInclusion: {
    tag: 'Explorer',
    summary:
      'Returns the proof that an entry is in the tree of a log’s first entries (RFC 9162 §2.1.3).',
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, index, size } }) {
      const proof = await agent.inclusion({ log: `${channel}/${organisation}`, index, size });
      return json(proof, { keeping: 'forever' });
    },
  },
  getConsistency: {
    tag: 'Explorer',
    summary: 'Returns the proof that a log’s tree extends an earlier one (RFC 9162 §2.1.4).',
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, from, to } }) {
      const proof = await agent.consistency({ log: `${channel}/${organisation}`, from, to });
      return json(proof, { keeping: 'forever' });
    },
  },
});
