import { Option, type Command } from 'commander';
import { ROLES } from '../../protocol/vocabulary.ts';
import { data } from '../node/nodeCommands.ts';
import { oneOf, passphraseFile, url, visitor, yes } from '../sharedOptions.ts';
import { addNoun, addVerb } from '../verb.ts';

const CARD = {
  options: [
    new Option('--out <file>', 'also write the card to this file, as JSON'),
    new Option('--no-qr', 'leave the QR code out'),
  ],
  notes:
    'A card holds no secret and no name. Who gets it can recognise you, and cannot be given another key for you.',
};

const SUSPENSION = {
  options: [
    data(),
    new Option('--file <file>', 'the suspension on its way from member to member of the authority'),
    url(),
  ],
  shared: [passphraseFile(), yes()],
  notes: `k members of the authority must sign. Who has their keys in the folder of a node signs with all of them. Where
these are too few, the signatures go into --file, which the next member signs; the one who completes it carries it to
the ledger.`,
};

/**
 * Adds the commands about who is who: `party …` and `patient card`.
 *
 * @param program - The command line.
 */
export function addPartyCommands(program: Command): void {
  const party = addNoun(program, 'party', 'apply for enrolment, show parties');
  addVerb(party, {
    name: 'apply',
    about: 'apply to the authority, to become a party of the network',
    options: [
      new Option('--role <role>', `what you are: ${ROLES.join(', ')}`)
        .argParser(oneOf(ROLES))
        .makeOptionMandatory(),
      new Option(
        '--at <organisation>',
        'the organisation that you belong to',
      ).makeOptionMandatory(),
    ],
    shared: [...visitor(), yes()],
    notes: `k members of the authority must agree. Safe to repeat: who is enrolled already is told so, and what was
left to do for a patient is done.`,
    examples: [
      'party apply --role patient --at hospital',
      'party apply --as house --role doctor --at hospital --yes',
    ],
    load: async () => (await import('./apply.ts')).apply,
  });
  addVerb(party, {
    name: 'show [who]',
    about: 'show what the Registry holds of a party, as k coordinators confirm it',
    args: { who: 'a contact, key, card, file or address (default: yourself)' },
    shared: visitor(),
    examples: ['party show', 'party show dr-house'],
    load: async () => (await import('./showParty.ts')).showParty,
  });
  addVerb(party, {
    name: 'card',
    about: 'print your card, for others to recognise you by',
    shared: visitor(),
    ...CARD,
    examples: ['party card', 'party card --as house --out house.card.json'],
    load: async () => (await import('./showCard.ts')).showCard,
  });
  addVerb(party, {
    name: 'suspend <who>',
    about: 'suspend a party in the name of the authority',
    args: { who: 'a card, file or address' },
    ...SUSPENSION,
    examples: [
      'party suspend house.card.json --data .medseal',
      'party suspend 0x4a61282e33d299845d1af303d949a290aea61e57 --data hospital --file suspension.json',
    ],
    load: async () => (await import('./suspend.ts')).suspendVerb,
  });
  addVerb(party, {
    name: 'resume <who>',
    about: 'lift the suspension of a party in the name of the authority',
    args: { who: 'a card, file or address' },
    ...SUSPENSION,
    examples: ['party resume house.card.json --data .medseal'],
    load: async () => (await import('./suspend.ts')).resume,
  });
  addVerb(party, {
    name: 'waiting',
    about: 'tell who applied to this node’s member of the authority and waits',
    options: [data()],
    examples: ['party waiting --data hospital'],
    load: async () => (await import('../node/approve.ts')).waiting,
  });
  addVerb(party, {
    name: 'approve <party>',
    about: 'have this node’s member of the authority sign a party’s application',
    args: { party: 'the address that `party waiting` tells' },
    options: [
      data(),
      new Option('--role <role>', 'what it becomes (default: what it applied for)').argParser(
        oneOf(ROLES),
      ),
      new Option('--at <organisation>', 'whose it becomes (default: where it applied)'),
    ],
    shared: [yes()],
    notes: `It is for who runs a node, beside it. Where authority.accepts is "approved", k members of the authority, that
of the party's own organisation among them, must each approve it before its application is signed; who applied too early
applies again.`,
    examples: ['party approve 0x32cbcf5f4f71d0c3b1b0ba0e8d5dff2b73c95f5a --data hospital'],
    load: async () => (await import('../node/approve.ts')).approveApplicant,
  });
  const patient = addNoun(program, 'patient', 'for patients');
  addVerb(patient, {
    name: 'card',
    about: 'print a patient’s card: chart, network, fingerprint of the keys',
    shared: visitor(),
    ...CARD,
    examples: ['patient card', 'patient card --out anna.card.json --no-qr'],
    load: async () => (await import('./showCard.ts')).showPatientCard,
  });
}
