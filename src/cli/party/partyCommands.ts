import type { Command } from 'commander';
import { NODE } from '../node/nodeOptions.ts';
import {
  as,
  home,
  networkOption,
  passphraseFile,
  url,
  visitor,
  yes,
} from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import {
  CARD_OPTIONS,
  PARTY_SUSPEND,
  PARTY_APPLY,
  PARTY_RECOVER,
  PARTY_APPROVE,
  PARTY_DECLINE,
} from './partyOptions.ts';

const CARD = {
  options: CARD_OPTIONS,
  notes:
    'A card holds no secret and no name. With it, others can recognise you, and nobody can pass off another key as yours.',
};

const SUSPENSION = {
  options: PARTY_SUSPEND,
  shared: [passphraseFile(), yes()],
  notes: `It takes a quorum of the authority. The command signs with every member’s key in the node’s folder. If these are
too few, the signatures go into --file: hand it to the next member, who runs the same command. The command that completes
the quorum sends the request to the ledger.`,
};

/**
 * Adds the commands about who is who: `party …` and `patient card`.
 *
 * @param program - The command line.
 */
export function addPartyCommands(program: Command): void {
  const party = addNoun(
    program,
    'party',
    'apply for enrolment; show, move, approve, suspend, resume and recover parties',
  );
  addVerb(party, {
    name: 'apply',
    about: 'apply to the authority to become a party of the network',
    options: PARTY_APPLY,
    // It applies at the node of the organisation that it names.
    shared: [home(), as(), url(), networkOption(), passphraseFile(), yes()],
    notes: `It takes a quorum of the authority. It is safe to repeat: if you are enrolled already, it says so, and finishes
what was left to do for a patient.`,
    examples: [
      'party apply --role patient --at hospital',
      'party apply --as house --role doctor --at hospital --yes',
    ],
    interrupted: 'The application may have been sent. Run it again: it goes on from there.',
    gives: async () => (await import('./partyAnswers.ts')).PARTY_APPLIED,
    load: async () => (await import('./apply.ts')).apply,
  });
  addVerb(party, {
    name: 'show [who]',
    about: 'show a party as the Registry has it, confirmed by a quorum of coordinators',
    args: { who: 'a contact, key, card, file or address (default: yourself)' },
    shared: visitor(),
    examples: ['party show', 'party show dr-house'],
    gives: async () => (await import('./partyAnswers.ts')).PARTY_SHOWN,
    load: async () => (await import('./showParty.ts')).showParty,
  });
  addVerb(party, {
    name: 'card',
    about: 'print your card, with which others recognise you',
    shared: visitor(),
    ...CARD,
    examples: ['party card', 'party card --as house --out house.card.json'],
    gives: async () => (await import('./partyAnswers.ts')).CARD_SHOWN,
    load: async () => (await import('./showCard.ts')).showCard,
  });
  addVerb(party, {
    name: 'move <organisation>',
    about: 'move to the node of another organisation, which your devices ask first from then on',
    args: { organisation: 'the organisation whose node is to serve you' },
    shared: [home(), as(), url(), networkOption(), passphraseFile(), yes()],
    notes: `For when your organisation left the network, or another is to serve you. You stay a party of the organisation that
you were enrolled at, with your chart, rights and letters. The node must serve you before anything changes. Other devices of
yours follow with their next "inbox". While that node is away, commands go to another one. It is safe to repeat.`,
    examples: [
      'party move laboratory',
      'party move pharmacy --url pharmacy=https://medseal.pharmacy.example',
    ],
    interrupted: 'The party may have moved. Run it again: it goes on from there.',
    gives: async () => (await import('./partyAnswers.ts')).PARTY_MOVED,
    load: async () => (await import('./moveVerb.ts')).move,
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
    interrupted: 'The authority may have decided it: "party show" tells. Run it again if not.',
    gives: async () => (await import('./partyAnswers.ts')).PARTY_SUSPENDED,
    load: async () => (await import('./suspend.ts')).suspendVerb,
  });
  addVerb(party, {
    name: 'resume <who>',
    about: 'lift the suspension of a party in the name of the authority',
    args: { who: 'a card, file or address' },
    ...SUSPENSION,
    examples: ['party resume house.card.json --data .medseal'],
    interrupted: 'The authority may have decided it: "party show" tells. Run it again if not.',
    gives: async () => (await import('./partyAnswers.ts')).PARTY_SUSPENDED,
    load: async () => (await import('./suspend.ts')).resume,
  });
  addVerb(party, {
    name: 'recover <file>',
    about: 'sign the recovery of a lost key in the name of the authority',
    args: { file: 'the file that `key recover` wrote' },
    options: PARTY_RECOVER,
    shared: [passphraseFile(), yes()],
    notes: `It takes a quorum of the authority. The command signs with every member’s key in the node’s folder, and writes the signatures into
the file: hand it to the next member, who runs the same command. The command that completes the quorum sends it to the ledger. After the
network’s delay every node finishes it. Until then the former key can stop it. A patient’s key can be recovered only in a channel with a release key.`,
    examples: ['party recover house.recovery.json --data .medseal'],
    interrupted: 'The recovery may be under way: "party show" tells. Run it again if not.',
    gives: async () => (await import('./partyAnswers.ts')).PARTY_RECOVERED,
    load: async () => (await import('./recover.ts')).recoverVerb,
  });
  addVerb(party, {
    name: 'waiting',
    about: 'list the applicants who wait for this node’s member of the authority',
    options: NODE,
    examples: ['party waiting --data hospital'],
    gives: async () => (await import('./partyAnswers.ts')).PARTIES_WAITING,
    load: async () => (await import('../node/approve.ts')).waiting,
  });
  addVerb(party, {
    name: 'approve <party>',
    about: 'approve an application as this node’s member of the authority',
    args: { party: 'the address that `party waiting` shows' },
    options: PARTY_APPROVE,
    shared: [yes()],
    notes: `Operators run it on the node’s machine. If authority.accepts is "approved", a quorum of the authority, with the
member of the party’s own organisation in it, must approve an application before it is signed. A party that applied before
that applies again.`,
    examples: ['party approve 0x32cbcf5f4f71d0c3b1b0ba0e8d5dff2b73c95f5a --data hospital'],
    interrupted: 'Some members may have approved. Run it again: that is safe.',
    gives: async () => (await import('./partyAnswers.ts')).PARTY_APPROVED,
    load: async () => (await import('../node/approve.ts')).approveApplicant,
  });
  addVerb(party, {
    name: 'decline <party>',
    about: 'decline an application as this node’s member of the authority',
    args: { party: 'the address that `party waiting` shows' },
    options: PARTY_DECLINE,
    shared: [yes()],
    notes: `Operators run it on the node’s machine. The application gives up its place, and does not wait again. The reasons:
"not-known": nobody here knows the applicant; "other-role", "other-organisation": it applies as something else than it is;
"other-words": the words that the person read are others; "other-key": the person is enrolled with another key;
"not-told": none is given.`,
    examples: [
      'party decline 0x32cbcf5f4f71d0c3b1b0ba0e8d5dff2b73c95f5a --reason not-known --data hospital',
    ],
    interrupted: 'Some members may have declined. Run it again: that is safe.',
    gives: async () => (await import('./partyAnswers.ts')).PARTY_DECLINED,
    load: async () => (await import('../node/approve.ts')).declineApplicant,
  });
  const patient = addNoun(program, 'patient', 'print a patient’s card');
  addVerb(patient, {
    name: 'card',
    about: 'print a patient’s card: chart, network, fingerprint of the keys',
    shared: visitor(),
    ...CARD,
    examples: ['patient card', 'patient card --out anna.card.json --no-qr'],
    gives: async () => (await import('./partyAnswers.ts')).CARD_SHOWN,
    load: async () => (await import('./showCard.ts')).showPatientCard,
  });
}
