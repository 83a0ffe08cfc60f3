import { MedsealError } from '../../errors/MedsealError.ts';
import { answering } from '../Answering.ts';
import { DONE, json } from '../Reply.ts';

/** Operations on the network, its parties and applicants. */
export const networkAnswers = answering({
  getNetwork: {
    tag: 'Network',
    summary: 'Returns the network file that the node runs by.',
    description:
      'Do not trust it: compare it with the one that you pinned. It names the chain and the network id to which every ' +
      'signature is bound.',
    refuses: [],
    answer: async (agent) => json(await agent.network(), { keeping: 'checked' }),
  },
  listSuccessors: {
    tag: 'Network',
    summary: 'Returns the successors of the network’s first file, oldest first, those to come too.',
    description:
      'Do not trust them: each must be signed by the quorum of those whom the file before it names, beginning with the ' +
      'one that you pinned. `first` is the oldest network file that the node has. `fork` is proof that a quorum signed two of one file; `begun` has the numbers of the changes ' +
      'of offices that were begun last at the ledger.',
    refuses: [],
    answer: async (agent) => json(await agent.successors(), { keeping: 'checked' }),
  },
  getPortal: {
    tag: 'Network',
    summary: 'Returns the organisation’s signed statement about the portal that this agent serves.',
    description:
      '`note` is a signed note (C2SP signed-note) of the key of the organisation’s log. Its text has four lines: the ' +
      'log’s origin followed by ` portal`, the SHA-256 of the page, the policy, and the moment in Unix seconds. Verify ' +
      'it with the key that your network file names, and compare the hash with that of the page.',
    refuses: ['NOT_FOUND'],
    answer: async (agent) => json(await agent.portal()),
  },
  succeed: {
    tag: 'Network',
    summary: 'Takes a signed successor of the network file.',
    description:
      'The changes of offices that belong to it are begun at the ledger. The other nodes hear of it from this one, and ' +
      'all go on under the new file once it is in force. A repeat gets the same answer.',
    refuses: ['NETWORK_FILE_INVALID', 'RULE_REFUSED', 'SUCCESSOR_INVALID'],
    answer: async (agent, { body }) => json(await agent.succeed(body)),
  },
  askFacts: {
    tag: 'Network',
    summary:
      'Returns what the ledger holds on a party, a patient and a grant, as each coordinator attests it.',
    description:
      'One answer for each coordinator that can be reached, each signed over your nonce. Trust only what a quorum for ' +
      'writes says alike.',
    refuses: [],
    place: 'question',
    answer: async (agent, { body }) => json(await agent.facts(body)),
  },
  apply: {
    tag: 'Network',
    summary: 'Asks the authority to enrol a party, and waits for its decision.',
    refuses: [
      'APPLICATION_DECLINED',
      'ENROLMENT_REFUSED',
      'LEDGER_AHEAD',
      'REQUEST_LATE',
      'SIGNATURE_INVALID',
    ],
    answer: async (agent, { body }) => json(await agent.apply(body), { status: 201 }),
  },
  suspend: {
    tag: 'Network',
    summary: 'Carries a suspension that the authority signed, or its end, to the ledger.',
    refuses: ['LEDGER_AHEAD', 'PARTY_UNKNOWN', 'REQUEST_LATE', 'RULE_REFUSED', 'SIGNATURE_INVALID'],
    answer: async (agent, { body }) => json(await agent.suspend(body)),
  },
  changeKey: {
    tag: 'Network',
    summary: 'Carries a change of a party’s key to the ledger, and deposits its card.',
    description:
      'The key before and the new one sign it. From then on the old key signs nothing more; what it signed stays valid. ' +
      'The card proves the new key by all changes since the first one.',
    refuses: ['PARTY_SUSPENDED', 'PARTY_UNKNOWN', 'RULE_REFUSED', 'SIGNATURE_INVALID'],
    answer: async (agent, { body }) => json(await agent.changeKey(body)),
  },
  recover: {
    tag: 'Network',
    summary: 'Carries the recovery of a party’s key to the ledger, which begins its delay.',
    description:
      'A quorum of the authority signs it in place of the lost key, and the new key signs it. Until the delay is over the party can ' +
      'stop it; then every node finishes it.',
    refuses: [
      'PARTY_UNKNOWN',
      'RECOVERY_UNFIT',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'RULE_REFUSED',
      'SIGNATURE_INVALID',
    ],
    answer: async (agent, { body }) => json(await agent.recover(body)),
  },
  getRecovery: {
    tag: 'Network',
    summary:
      'Returns the recovery of a party’s key that was begun last, as the authority signed it.',
    description:
      'Under way, finished or stopped: the facts of the party say which. Do not trust it; verify who signed.',
    refuses: ['NOT_FOUND'],
    place: 'question',
    answer: async (agent, { parameters }) => json(await agent.recovery(parameters.party)),
  },
  veto: {
    tag: 'Network',
    summary: 'Carries a party’s veto against a recovery of its key to the ledger.',
    description:
      'The present key signs it, suspended or not, and any organisation’s agent takes it. It names no recovery: until its deadline it ' +
      'stops a second one too.',
    refuses: [
      'PARTY_UNKNOWN',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'RULE_REFUSED',
      'SIGNATURE_INVALID',
    ],
    answer: async (agent, { body }) => json(await agent.veto(body)),
  },
  placeVital: {
    tag: 'Network',
    summary: 'Carries a birth, a death, what undoes it, or a will to the ledger.',
    description:
      'A report of a death has no effect until a party of another organisation confirms it, one of the two a registrar. ' +
      'The patient objects within the delay of the Registry; later two parties of different organisations undo it. ' +
      'A birth that names the mother carries her permission. ' +
      'A byte-identical repeat gets the original answer.',
    refuses: [
      'CONTRACT_ABSENT',
      'NOT_FOUND',
      'PARTY_SUSPENDED',
      'PARTY_UNKNOWN',
      'QUOTA_SPENT',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'RIGHT_MISSING',
      'RULE_REFUSED',
      'SIGNATURE_INVALID',
    ],
    answer: async (agent, { body }) => json(await agent.vital(body)),
  },
  placeMandate: {
    tag: 'Network',
    summary: 'Carries a mandate, or its end, to the ledger.',
    description:
      'The patient signs it, or a key that acts for the patient: one that may appoint signs a mandate, and each its own end. The ' +
      'ledger sees the key, its powers and its end, and only a salted hash of who acts and why. A byte-identical repeat gets the original answer.',
    refuses: [
      'CHART_FROZEN',
      'CONTRACT_ABSENT',
      'NOT_FOUND',
      'QUOTA_SPENT',
      'REQUEST_EARLY',
      'REQUEST_LATE',
      'RIGHT_MISSING',
      'RULE_REFUSED',
      'SIGNATURE_INVALID',
    ],
    answer: async (agent, { body }) => json(await agent.mandate(body)),
  },
  placeUnits: {
    tag: 'Network',
    summary: 'Carries an issue or a redemption of settlement units to the ledger.',
    description:
      'A seat of the authority signs an issue for its organisation; the holder and a seat sign a redemption. ' +
      'Each has the next number of its issuer or holder. A byte-identical repeat gets the original answer.',
    refuses: ['CONTRACT_ABSENT', 'REQUEST_LATE', 'RULE_REFUSED', 'SIGNATURE_INVALID'],
    answer: async (agent, { body }) => json(await agent.units(body)),
  },
  settle: {
    tag: 'Network',
    summary: 'Carries a settlement that is due to the ledger: the end of a claim’s term, or a lot.',
    description:
      'Anybody may ask. `lapse` ends the term of a claim that is over, and pays what was held; `lot` opens the lot of the ' +
      'side that did not dispute. The answer has no place if nothing is left to settle.',
    refuses: ['CONTRACT_ABSENT', 'NOT_FOUND', 'RULE_REFUSED'],
    answer: async (agent, { body }) => json(await agent.settle(body)),
  },
  getParty: {
    tag: 'Network',
    summary: 'Returns the card of a party: the recipient to seal to.',
    description:
      'A party is found by its address, or by that of a later key. ' +
      'Do not trust it: its hash must be the one that the coordinators attest.',
    refuses: ['NOT_FOUND'],
    place: 'question',
    answer: async (agent, { parameters }) =>
      json(await agent.card(parameters.party), { keeping: 'checked' }),
  },
  putParty: {
    tag: 'Network',
    summary: 'Deposits the card of a party with the nodes; the Registry must have its hash.',
    refuses: ['PEER_UNREACHABLE'],
    place: 'question',
    async answer(agent, { parameters, body }) {
      if (body.party !== parameters.party) {
        throw new MedsealError('REQUEST_MALFORMED', { what: 'the party of the card' });
      }
      await agent.keepCard(body);
      return DONE;
    },
  },
  getSheet: {
    tag: 'Network',
    summary:
      'Returns the recipients of a patient’s epoch, with the proof that the patient committed to them.',
    description: 'Do not trust it: verify the proof against the root that the coordinators attest.',
    refuses: ['NOT_FOUND'],
    place: 'question',
    answer: async (agent, { parameters }) =>
      json(await agent.sheet(parameters), { keeping: 'checked' }),
  },
});
