import { MedsealError } from '../../errors/MedsealError.ts';
import type { PatientDeposit, SentLetter, Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence.ts';
import type { Signed } from '../../protocol/requests.ts';
import { Either, ListOf } from '../../protocol/findShapeError.ts';
import { OUTCOME, SIGNED_KEPT } from '../../protocol/shapes/answerShapes.ts';
import {
  MAX_SUBMISSIONS,
  PATIENT_KEEPSAKE,
  SENT_LETTER,
  SIGNED_COLLECT,
  SUBMISSION,
} from '../../protocol/shapes/askedShapes.ts';
import { operation } from '../Operation.ts';
import { DONE, json, type Reply } from '../Reply.ts';

/** Operations that take signed requests. */
export const requestOperations = [
  operation({
    id: 'submit',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/submissions',
    summary: 'Submits one signed request, or a list of them.',
    description:
      'Each request is judged by itself, in the order given. Its outcome is `acknowledged`, with the entry that is now ' +
      'in the log; `placed`, if a rule is now on the ledger; or `refused`, with the problem. The answer to a list is ' +
      'a list of outcomes in the same order, refusals among them. A single request that is refused is answered by a ' +
      'problem, with its status; `acknowledgement` in it is the entry that the refusal became, if it became one. A ' +
      'byte-identical repeat gets the original answer, so it is safe to send a request again.',
    parameters: {},
    takes: new Either(SUBMISSION, new ListOf(SUBMISSION, MAX_SUBMISSIONS)),
    checkedInside: true,
    gives: { 200: { json: new Either(OUTCOME, [OUTCOME]) } },
    refuses: [
      'ANSWER_DISPUTED',
      'CLOCK_SKEWED',
      'EPOCH_DUE',
      'EPOCH_STALE',
      'EPOCHS_EXHAUSTED',
      'FILE_ABSENT',
      'FILE_MISMATCH',
      'FILE_TAKEN',
      'KEY_PENDING',
      'LEDGER_AHEAD',
      'LEDGER_UNREACHABLE',
      'LOG_WRONG',
      'NOT_FOUND',
      'PARTY_SUSPENDED',
      'PARTY_UNKNOWN',
      'PEER_UNREACHABLE',
      'REQUEST_ALTERED',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'RIGHT_ENDED',
      'RIGHT_INVALID',
      'RIGHT_MISSING',
      'RULE_REFUSED',
      'SIGNATURE_INVALID',
      'STATE_STALE',
      'VERDICTS_MISSING',
    ],
    async answer(agent, { body }) {
      if (Array.isArray(body)) return json(await agent.submit(body as readonly Submission[]));
      const [outcome] = await agent.submit([body as Submission]);
      return answerOne(outcome);
    },
  }),
  operation({
    id: 'keep',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/keepsakes',
    summary: 'Deposits the sealed state of a patient’s devices, and packets, with the nodes.',
    description:
      'A state may be 8 MiB long and a packet 256 KiB, in base64. Nodes keep 72 MiB for one patient, and delete what ' +
      'newer states, packets and commitments replace. The answer is signed by coordinators of k organisations or more: ' +
      'each `nonce` is the digest of this very request. A client goes on only after it has counted the signatures.',
    parameters: {},
    takes: PATIENT_KEEPSAKE,
    gives: { 200: { json: [SIGNED_KEPT] } },
    refuses: [
      'LEDGER_AHEAD',
      'PEER_UNREACHABLE',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'RIGHT_MISSING',
      'SIGNATURE_INVALID',
      'STATE_STALE',
    ],
    async answer(agent, { body }) {
      return json(await agent.keep(body as PatientDeposit));
    },
  }),
  operation({
    id: 'send',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/letters',
    summary: 'Deposits a sealed letter with the nodes until its reader takes it.',
    description:
      'Parties give each other grants, and ask for them, in letters that no node can open. A letter waits until the ' +
      'day that it names, at most 90 days ahead, and may be 64 KiB long.',
    parameters: {},
    takes: SENT_LETTER,
    gives: { 204: { nothing: true } },
    refuses: [
      'LEDGER_AHEAD',
      'PARTY_SUSPENDED',
      'PARTY_UNKNOWN',
      'PEER_UNREACHABLE',
      'QUOTA_SPENT',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'SIGNATURE_INVALID',
    ],
    async answer(agent, { body }) {
      await agent.send(body as SentLetter);
      return DONE;
    },
  }),
  operation({
    id: 'collect',
    tag: 'Requests',
    method: 'POST',
    path: '/v1/letters/collect',
    summary: 'Returns the letters that wait for a party, and deletes those that it has taken.',
    description:
      'An answer holds some of them: ask again, naming the letters that were taken, until no letter is left.',
    parameters: {},
    takes: SIGNED_COLLECT,
    gives: { 200: { json: [SENT_LETTER] } },
    refuses: [
      'LEDGER_AHEAD',
      'PARTY_SUSPENDED',
      'PARTY_UNKNOWN',
      'PEER_UNREACHABLE',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'SIGNATURE_INVALID',
    ],
    async answer(agent, { body }) {
      return json(await agent.collect(body as Signed<'Collect'>));
    },
  }),
];

function answerOne(outcome: Outcome | undefined): Reply {
  if (outcome === undefined) throw new MedsealError('INTERNAL', {});
  if (outcome.outcome !== 'refused') return json(outcome);
  const { problem, acknowledgement } = outcome;
  const refused = { ...problem, ...(acknowledgement && { acknowledgement }) };
  return problemReply(refused);
}

function problemReply(problem: { readonly status: number }): Reply {
  const headers = { 'content-type': 'application/problem+json' };
  return json(problem, { status: problem.status, headers });
}
