import type { FactsQuery } from '../../protocol/facts.ts';
import type { PartyCard, SignedApplication, SignedSuspension } from '../../protocol/AgentPort.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import {
  ATTESTED_FACTS,
  ENROLMENT_RESULT,
  LEDGER_PLACE,
  NETWORK_FILE,
} from '../../protocol/shapes/answerShapes.ts';
import {
  FACTS_QUERY,
  PARTY_CARD,
  PROVEN_SHEET,
  SIGNED_APPLICATION,
  SIGNED_SUSPENSION,
} from '../../protocol/shapes/askedShapes.ts';
import { operation } from '../Operation.ts';
import { HANDLE_PARAMETER, numberInPath, PARTY } from '../parameters.ts';
import { DONE, json } from '../Reply.ts';

/** Operations on the network, its parties and applicants. */
export const networkOperations = [
  operation({
    id: 'getNetwork',
    tag: 'Network',
    method: 'GET',
    path: '/v1/network',
    summary: 'Returns the network file that the node runs by.',
    description:
      'Do not trust it: compare it with the one that you pinned. It names the chain and the network id to which every ' +
      'signature is bound.',
    parameters: {},
    gives: { 200: { json: NETWORK_FILE } },
    refuses: [],
    answer: async (agent) => json(await agent.network(), { keeping: 'checked' }),
  }),
  operation({
    id: 'askFacts',
    tag: 'Network',
    method: 'POST',
    path: '/v1/facts',
    summary:
      'Returns what the ledger holds on a party, a patient and a grant, as each coordinator attests it.',
    description:
      'One answer for each coordinator that can be reached, each signed over your nonce. Trust only what a quorum for ' +
      'writes says alike.',
    parameters: {},
    takes: FACTS_QUERY,
    gives: { 200: { json: [ATTESTED_FACTS] } },
    refuses: [],
    answer: async (agent, { body }) => json(await agent.facts(body as FactsQuery)),
  }),
  operation({
    id: 'apply',
    tag: 'Network',
    method: 'POST',
    path: '/v1/applications',
    summary: 'Asks the authority to enrol a party, and waits for its decision.',
    parameters: {},
    takes: SIGNED_APPLICATION,
    gives: { 201: { json: ENROLMENT_RESULT } },
    refuses: ['ENROLMENT_REFUSED', 'LEDGER_AHEAD', 'REQUEST_LATE', 'SIGNATURE_INVALID'],
    answer: async (agent, { body }) =>
      json(await agent.apply(body as SignedApplication), { status: 201 }),
  }),
  operation({
    id: 'suspend',
    tag: 'Network',
    method: 'POST',
    path: '/v1/suspensions',
    summary: 'Carries a suspension that the authority signed, or its end, to the ledger.',
    parameters: {},
    takes: SIGNED_SUSPENSION,
    gives: { 200: { json: LEDGER_PLACE } },
    refuses: ['RULE_REFUSED', 'SIGNATURE_INVALID'],
    answer: async (agent, { body }) => json(await agent.suspend(body as SignedSuspension)),
  }),
  operation({
    id: 'getParty',
    tag: 'Network',
    method: 'GET',
    path: '/v1/parties/{party}',
    summary: 'Returns the card of a party: the recipient to seal to.',
    description: 'Do not trust it: its hash must be the one that the coordinators attest.',
    parameters: { party: PARTY },
    gives: { 200: { json: PARTY_CARD } },
    refuses: ['NOT_FOUND'],
    answer: async (agent, { parameters }) =>
      json(await agent.card(parameters.party), { keeping: 'checked' }),
  }),
  operation({
    id: 'putParty',
    tag: 'Network',
    method: 'PUT',
    path: '/v1/parties/{party}',
    summary: 'Deposits the card of a party with the nodes; the Registry must have its hash.',
    parameters: { party: PARTY },
    takes: PARTY_CARD,
    gives: { 204: { nothing: true } },
    refuses: ['PEER_UNREACHABLE'],
    async answer(agent, { parameters, body }) {
      const card = body as PartyCard;
      if (card.party !== parameters.party) {
        throw new MedsealError('REQUEST_MALFORMED', { what: 'the party of the card' });
      }
      await agent.keepCard(card);
      return DONE;
    },
  }),
  operation({
    id: 'getSheet',
    tag: 'Network',
    method: 'GET',
    path: '/v1/sheets/{handle}/{epoch}',
    summary:
      'Returns the recipients of a patient’s epoch, with the proof that the patient committed to them.',
    description: 'Do not trust it: verify the proof against the root that the coordinators attest.',
    parameters: { handle: HANDLE_PARAMETER, epoch: numberInPath('Number of the epoch.') },
    gives: { 200: { json: PROVEN_SHEET } },
    refuses: ['NOT_FOUND'],
    answer: async (agent, { parameters }) =>
      json(await agent.sheet(parameters), { keeping: 'checked' }),
  }),
];
