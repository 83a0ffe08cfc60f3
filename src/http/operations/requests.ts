import { MedsealError } from '../../errors/MedsealError.ts';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { HTTP_PROBLEM } from '../../protocol/shapes/answerShapes.ts';
import { answering } from '../Answering.ts';
import { DONE, json, type Reply } from '../Reply.ts';

/** Operations that take signed requests. */
export const requestAnswers = answering({
  submit: {
    tag: 'Requests',
    summary: 'Submits one signed request, or a list of them.',
    description:
      'Each request is judged by itself, in the order given. Its outcome is `acknowledged`, with the entry that is now ' +
      'in the log; `placed`, if a rule is now on the ledger; or `refused`, with the problem. The answer to a list is ' +
      'a list of outcomes in the same order, refusals among them. A single request that is refused is answered by a ' +
      'problem, with its status; `acknowledgement` in it is the entry that the refusal became, if it became one. A ' +
      'byte-identical repeat gets the original answer, so it is safe to send a request again.',
    refuses: [
      'ANSWER_DISPUTED',
      'CATEGORY_EXCLUDED',
      'CHART_FROZEN',
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
      'LOG_CLOSED',
      'LOG_WRONG',
      'NOT_FOUND',
      'NOT_YET',
      'PARTY_SUSPENDED',
      'PARTY_UNKNOWN',
      'PEER_UNREACHABLE',
      'READINGS_INVALID',
      'READINGS_UNTIMELY',
      'REQUEST_ALTERED',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'RIGHT_ENDED',
      'RIGHT_INVALID',
      'RIGHT_MISSING',
      'ROLE_UNFIT',
      'RULE_REFUSED',
      'SIGNATURE_INVALID',
      'STATE_STALE',
      'VERDICTS_MISSING',
    ],
    // Each signature is verified, whoever made it. Clients send lists as fast as a node takes entries.
    cost: (body) => (isList(body) ? body.length / 2 : 0),
    async answer(agent, { body }) {
      if (isList(body)) return json(await agent.submit(body));
      const [outcome] = await agent.submit([body]);
      return answerOne(outcome);
    },
  },
  keep: {
    tag: 'Requests',
    summary: 'Deposits the sealed state of a patient’s devices, and packets, with the nodes.',
    description:
      'A state may be 8 MiB long and a packet 256 KiB, in base64. Nodes keep 72 MiB for one patient, and delete what ' +
      'newer states, packets and commitments replace. The answer is signed by coordinators of k organisations or more: ' +
      'each `nonce` is the digest of this very request. A client goes on only after it has counted the signatures.',
    refuses: [
      'EPOCH_STALE',
      'LEDGER_AHEAD',
      'PEER_UNREACHABLE',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'RIGHT_MISSING',
      'SIGNATURE_INVALID',
      'STATE_STALE',
    ],
    async answer(agent, { body }) {
      return json(await agent.keep(body));
    },
  },
  send: {
    tag: 'Requests',
    summary: 'Deposits a sealed letter with the nodes until its reader takes it.',
    description:
      'Parties give each other grants, and ask for them, in letters that no node can open. A letter waits until the ' +
      'day that it names, at most 90 days ahead, and may be 64 KiB long.',
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
      await agent.send(body);
      return DONE;
    },
  },
  collect: {
    tag: 'Requests',
    summary: 'Returns the letters that wait for a party, and deletes those that it has taken.',
    description:
      'An answer holds some of them: ask again, naming the letters that were taken, until no letter is left.',
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
      return json(await agent.collect(body));
    },
  },
  findRights: {
    tag: 'Requests',
    summary: 'Returns openings of the rights that a party has, for each of its devices.',
    description:
      'Nodes keep the opening of each standing grant as its patient signed it, and tell it to its grantee alone. An ' +
      'answer holds some of them, in ascending order of their digests: if `more` is true, ask again after the last. ' +
      'Of one chart at most 256 are told. A client takes none of them before it has confirmed it with the ledger.',
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
      return json(await agent.findRights(body));
    },
  },
  notify: {
    tag: 'Requests',
    summary:
      'Has a browser of a party told that there is news, or no longer; returns those that are.',
    description:
      'The organisation then pushes to the browser without content when a letter waits for the party: at most once in ten ' +
      'minutes, and until the moment that was signed, 90 days ahead at most. A party has five such browsers. With an ' +
      '`endpoint` of zeros nothing changes. Without `key` in the answer the organisation tells nobody. Only push services ' +
      'of its configuration are called: another one is `NOT_FOUND`.',
    refuses: [
      'LEDGER_AHEAD',
      'NOT_FOUND',
      'PARTY_SUSPENDED',
      'PARTY_UNKNOWN',
      'QUOTA_SPENT',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'SIGNATURE_INVALID',
    ],
    async answer(agent, { body }) {
      return json(await agent.notify(body));
    },
  },
});

/** Tells whether several requests were sent; the agent checks each of them. */
function isList(body: Submission | readonly Submission[]): body is readonly Submission[] {
  return Array.isArray(body);
}

function answerOne(outcome: Outcome | undefined): Reply<Outcome | Of<typeof HTTP_PROBLEM>> {
  if (outcome === undefined) throw new MedsealError('INTERNAL', {});
  if (outcome.outcome !== 'refused') return json(outcome);
  const { problem, acknowledgement } = outcome;
  const refused = { ...problem, ...(acknowledgement && { acknowledgement }) };
  return problemReply(refused);
}

function problemReply<Problem extends { readonly status: number }>(
  problem: Problem,
): Reply<Problem> {
  const headers = { 'content-type': 'application/problem+json' };
  return json(problem, { status: problem.status, headers });
}
