import {
  CONSISTENCY_PROOF,
  INCLUSION_PROOF,
  LEDGER_BLOCK,
  LOG_BATCH,
  LOG_ENTRY,
  PLACED,
} from '../../protocol/shapes/answerShapes.ts';
import { operation } from '../Operation.ts';
import { LOG_PARAMETER, numberAfter, numberInPath } from '../parameters.ts';
import { json } from '../Reply.ts';

const SIZE = numberInPath('Number of entries in the tree, from the first.');

/** Operations that show logs and ledger to anyone. */
export const explorerOperations = [
  operation({
    id: 'listBlocks',
    tag: 'Explorer',
    method: 'GET',
    path: '/v1/blocks',
    summary:
      'Lists blocks of the ledger with the events of the contracts in them, some dozens at once.',
    description:
      'The list is empty after the last block. The ledger itself speaks Ethereum JSON-RPC, at another address.',
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
      'Lists checkpoints of a log that stand on the ledger, smallest first, some dozens at once.',
    parameters: {
      ...LOG_PARAMETER,
      from: numberAfter('Lists checkpoints that cover more entries than this.', 0),
    },
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
    summary:
      'Lists numbered batches of a log, some hundred at once; the list is empty after the last.',
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
    summary: 'Lists entries of a log, some hundred at once; the list is empty after the last.',
    description:
      'An entry is 32 bytes that reveal nothing. To read whole logs, use the tiles: they hold the same entries.',
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
      'Returns the proof that an entry is in the tree of a log’s first entries (RFC 9162 §2.1.3).',
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
    summary: 'Returns the proof that a log’s tree extends an earlier one (RFC 9162 §2.1.4).',
    parameters: { ...LOG_PARAMETER, from: SIZE, to: SIZE },
    gives: { 200: { json: CONSISTENCY_PROOF } },
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, from, to } }) {
      const proof = await agent.consistency({ log: `${channel}/${organisation}`, from, to });
      return json(proof, { keeping: 'forever' });
    },
  }),
];
