import type { AuditQuery } from '../../protocol/AgentPort.ts';
import {
  AUDITED_ENTRY,
  ENTRY_PROOF,
  PENDING_RECEIPT,
  SIGNED_CHECKPOINT,
  SIGNED_TALLY,
} from '../../protocol/shapes/answerShapes.ts';
import { AUDIT_PAGE_QUERY, AUDIT_QUERY } from '../../protocol/shapes/askedShapes.ts';
import { isPending } from '../../protocol/isPending.ts';
import { operation } from '../Operation.ts';
import { LOG_PARAMETER, numberInPath } from '../parameters.ts';
import { json } from '../Reply.ts';

/** Operations that return evidence. */
export const evidenceOperations = [
  operation({
    id: 'getReceipt',
    tag: 'Evidence',
    method: 'GET',
    path: '/v1/receipts/{channel}/{organisation}/{index}',
    summary: 'Returns the proof that turns the acknowledgement of an entry into a receipt.',
    description:
      'Together with the acknowledgement, which only its receiver has, this is a receipt that can be verified offline. ' +
      'Until a checkpoint that covers the entry stands on the ledger, the answer is 202 and says when to ask again.',
    parameters: { ...LOG_PARAMETER, index: numberInPath('Place of the entry in the log, from 0.') },
    gives: { 200: { json: ENTRY_PROOF }, 202: { json: PENDING_RECEIPT } },
    refuses: ['NOT_FOUND'],
    async answer(agent, { parameters: { channel, organisation, index } }) {
      const answer = await agent.receipt({ log: `${channel}/${organisation}`, index });
      // The first checkpoint that covers an entry stays the first.
      if (!isPending(answer)) return json(answer, { keeping: 'forever' });
      const headers = { 'retry-after': String(Math.ceil(answer.retryAfter / 1000)) };
      return json(answer, { status: 202, headers });
    },
  }),
  operation({
    id: 'getCheckpoint',
    tag: 'Evidence',
    method: 'GET',
    path: '/v1/checkpoints/{channel}/{organisation}',
    summary: 'Returns the newest checkpoint of a log.',
    parameters: LOG_PARAMETER,
    gives: { 200: { json: SIGNED_CHECKPOINT } },
    refuses: ['NOT_FOUND', 'NOT_YET'],
    async answer(agent, { parameters: { channel, organisation } }) {
      const checkpoint = await agent.checkpoint(`${channel}/${organisation}`);
      return json(checkpoint, { keeping: 'checked' });
    },
  }),
  operation({
    id: 'listAudited',
    tag: 'Evidence',
    method: 'POST',
    path: '/v1/audits/entries',
    summary:
      'Returns entries of a log that concern the patient of an acknowledged audit, some hundred at once.',
    description:
      'The ticket is the one that the acknowledged `View` of `audit` released. The list is empty after the last entry.',
    parameters: {},
    takes: AUDIT_PAGE_QUERY,
    gives: { 200: { json: [AUDITED_ENTRY] } },
    refuses: ['NOT_FOUND', 'RELEASE_UNKNOWN'],
    answer: async (agent, { body }) =>
      json(await agent.audit({ from: 0, ...(body as AuditQuery) })),
  }),
  operation({
    id: 'listTallies',
    tag: 'Evidence',
    method: 'POST',
    path: '/v1/audits/tallies',
    summary:
      'Returns the coordinators’ tallies for the patient of an acknowledged audit, to compare with the entries.',
    parameters: {},
    takes: AUDIT_QUERY,
    gives: { 200: { json: [SIGNED_TALLY] } },
    refuses: ['NOT_FOUND', 'RELEASE_UNKNOWN'],
    answer: async (agent, { body }) => json(await agent.tallies(body as AuditQuery)),
  }),
];
