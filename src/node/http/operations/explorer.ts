import {
  CONSISTENCY_PROOF,
  INCLUSION_PROOF,
  LEDGER_BLOCK,
  LOG_BATCH,
  LOG_ENTRY,
  PLACED,
} from '../../../protocol/shapes/answerShapes.ts';
import { operation } from '../Operation.ts';
import { LOG_PARAMETER, numberAfter, numberInPath } from '../parameters.ts';
import { json } from '../Reply.ts';

const SIZE = numberInPath('How many entries the tree has, from the first.');

/** Logs and ledger, for anyone to look at. */
export const explorerOperations = [
  operation({
    id: 'listBlocks',
    tag: 'Explorer',
    method: 'GET',
    path: '/v1/blocks',
    summary:
      'Blocks of the ledger with what the contracts say happened in them, some dozens at a time.',
    description:
      'None if there is no further one. The ledger itself speaks Ethereum JSON-RPC, at another address.',
    parameters: { from: numberAfter('Number of the first block.', 0) },
    gives: { 200: { json: [LEDGER_BLOCK] } },
    refuses: ['LEDGER_REJECTED', 'PEER_MALFORMED'],
    answer: async (agent, { parameters }) =>
      json(await agent.blocks(parameters), { keeping: 'checked' }),
  }),
  operation({
    id: 'listCheckpoints',
    tag: 'Explorer',
    method: 'GET',
    path: '/v1/checkpoints/{channel}/{organisation}/list',
    summary:
      'Checkpoints of a log that stand on the ledger, smallest first, some dozens at a time.',
    parameters: { ...LOG_PARAMETER, from: numberAfter('They are of more entries than this.', 0) },
    gives: { 200: { json: [PLACED] } },
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, from } }) {
      const placed = await agent.checkpoints({ log: `${channel}/${organisation}`, from });
      return json(placed, { keeping: 'checked' });
    },
  }),
  operation({
    id: 'listBatches',
    tag: 'Explorer',
    method: 'GET',
    path: '/v1/batches/{channel}/{organisation}',
    summary: 'Numbered batches of a log, some hundred at a time; none if there is no further one.',
    parameters: { ...LOG_PARAMETER, from: numberAfter('Number of the first batch.', 0) },
    gives: { 200: { json: [LOG_BATCH] } },
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, from } }) {
      const batches = await agent.batches({ log: `${channel}/${organisation}`, from });
      return json(batches, { keeping: 'checked' });
    },
  }),
  operation({
    id: 'listEntries',
    tag: 'Explorer',
    method: 'GET',
    path: '/v1/entries/{channel}/{organisation}',
    summary: 'Entries of a log, some hundred at a time; none if there is no further one.',
    description:
      'An entry is 32 bytes that say nothing. The tiles hold the same, for those who read whole logs.',
    parameters: { ...LOG_PARAMETER, from: numberAfter('Place of the first entry.', 0) },
    gives: { 200: { json: [LOG_ENTRY] } },
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, from } }) {
      const entries = await agent.entries({ log: `${channel}/${organisation}`, from });
      return json(entries, { keeping: 'checked' });
    },
  }),
  operation({
    id: 'getInclusion',
    tag: 'Explorer',
    method: 'GET',
    path: '/v1/proofs/{channel}/{organisation}/inclusion/{index}/{size}',
    summary:
      'What shows that an entry stands in the tree of a log’s first entries (RFC 9162 §2.1.3).',
    parameters: {
      ...LOG_PARAMETER,
      index: numberInPath('Place of the entry, from 0.'),
      size: SIZE,
    },
    gives: { 200: { json: INCLUSION_PROOF } },
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, index, size } }) {
      const proof = await agent.inclusion({ log: `${channel}/${organisation}`, index, size });
      return json(proof, { keeping: 'forever' });
    },
  }),
  operation({
    id: 'getConsistency',
    tag: 'Explorer',
    method: 'GET',
    path: '/v1/proofs/{channel}/{organisation}/consistency/{from}/{to}',
    summary: 'What shows that a log’s tree extends an earlier one (RFC 9162 §2.1.4).',
    parameters: { ...LOG_PARAMETER, from: SIZE, to: SIZE },
    gives: { 200: { json: CONSISTENCY_PROOF } },
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, from, to } }) {
      const proof = await agent.consistency({ log: `${channel}/${organisation}`, from, to });
      return json(proof, { keeping: 'forever' });
    },
  }),
];
