import type { Command } from 'commander';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import type { Vital } from '../../protocol/struct/vitalTypes.ts';
import {
  VITAL_CONFIRM,
  BIRTH_PERMIT,
  BIRTH_REGISTER,
  DEATH_REPORT,
  WILL_SET,
  BIRTH_SHOW,
  VITAL_UNDO,
} from './vitalOptions.ts';

/** Arguments of `confirm` in its examples. */
const EXAMPLES: Readonly<Record<Vital, string>> = {
  birth: 'leo --report birth.json',
  death: 'anna --report report.json',
};

const PATIENT = { patient: 'a contact, card, file or handle' };

/**
 * Adds the commands about births, deaths and wills: `birth …`, `death …`, `will …`.
 *
 * @param program - The command line.
 */
export function addVitalCommands(program: Command): void {
  addBirthCommands(addNoun(program, 'birth', 'report, confirm, undo and show births'));
  addDeathCommands(addNoun(program, 'death', 'report, confirm and undo deaths'));
  addWillCommands(addNoun(program, 'will', 'say who may read your chart after your death'));
}

function addBirthCommands(birth: Command): void {
  addVerb(birth, {
    name: 'register <child>',
    about: 'report the birth of a child that has a key of its own, as a registrar',
    args: { child: PATIENT.patient },
    options: BIRTH_REGISTER,
    shared: [...visitor(), yes()],
    notes: `The authority has enrolled the child first, with a key on a device of the parents. It has no effect until a
doctor or a registrar of another organisation confirms it. The ledger has a salted hash of the certificate: only the file of
--out opens it. With the same file it is safe to run twice.`,
    examples: ['birth register leo --certificate birth.pdf --out birth.json'],
    interrupted: 'It may have been reported. Run it again with the same --out.',
    gives: async () => (await import('./vitalAnswers.ts')).VITAL_TOLD,
    load: async () => (await import('./birthVerbs.ts')).registerVerb,
  });
  addVerb(birth, {
    name: 'permit <child>',
    about: 'let a registrar name you as the mother of a child',
    args: { child: PATIENT.patient },
    options: BIRTH_PERMIT,
    shared: [...visitor(), yes()],
    notes: `It serves this registrar, for this child, until it ends. Without it a birth names no mother: nodes refuse it.`,
    examples: ['birth permit leo --registrar town-hall --out mother.json'],
    interrupted: 'Nothing counts yet. Run it again.',
    gives: async () => (await import('./vitalAnswers.ts')).BIRTH_PERMITTED,
    load: async () => (await import('./birthVerbs.ts')).permitVerb,
  });
  addVerb(birth, {
    name: 'show [child]',
    about: 'show whether a birth is registered, and check what opens it',
    args: { child: `${PATIENT.patient} (default: yourself)` },
    options: BIRTH_SHOW,
    shared: visitor(),
    examples: ['birth show', 'birth show leo --opening birth.json'],
    gives: async () => (await import('./vitalAnswers.ts')).BIRTH_SHOWN,
    load: async () => (await import('./birthVerbs.ts')).showBirth,
  });
  addSharedCommands(birth, 'birth');
}

/** Adds the verbs that births and deaths share. */
function addSharedCommands(noun: Command, what: Vital): void {
  addVerb(noun, {
    name: 'confirm <patient>',
    about: `confirm a ${what} that another organisation reported`,
    args: PATIENT,
    options: VITAL_CONFIRM,
    shared: [...visitor(), yes()],
    notes:
      what === 'death'
        ? `From then on the chart is frozen, and grants end but for those of the patient’s will. It is safe to run
twice.`
        : 'A doctor or a registrar does it. It is safe to run twice.',
    examples: [`${what} confirm ${EXAMPLES[what]}`],
    interrupted: `It may have been confirmed: "${what} show" tells.`,
    gives: async () => (await import('./vitalAnswers.ts')).VITAL_TOLD,
    load: async () => (await import('./vitalVerbs.ts')).confirmVerb(what),
  });
  addVerb(noun, {
    name: 'object',
    about: `object to your own ${what}, which was recorded by mistake`,
    shared: [...visitor(), yes()],
    notes: `You can always object to a report, and for 14 days to what was confirmed; later two organisations undo it.
Everything is then as it was before.`,
    examples: [`${what} object`],
    interrupted: `It may have been done: "${what} show" tells.`,
    gives: async () => (await import('./vitalAnswers.ts')).VITAL_TOLD,
    load: async () => (await import('./vitalVerbs.ts')).objectVerb(what),
  });
  addVerb(noun, {
    name: 'undo <patient>',
    about: `sign that a ${what} was recorded by mistake, as the first of two`,
    args: PATIENT,
    options: VITAL_UNDO,
    shared: [...visitor(), yes()],
    notes: `Both are doctors or registrars of different organisations, and one is a registrar. The second has a day.`,
    examples: [
      `${what} undo anna --evidence passport.pdf --reason "the names were alike" --second registrar --out undo.json`,
    ],
    interrupted: 'Nothing counts yet. Run it again.',
    gives: async () => (await import('./vitalAnswers.ts')).UNDOING_SIGNED,
    load: async () => (await import('./vitalVerbs.ts')).undoVerb(what),
  });
  addVerb(noun, {
    name: 'agree <file>',
    about: `sign as the second of two that a ${what} was recorded by mistake, and undo it`,
    args: { file: 'the file of the first party' },
    shared: [...visitor(), yes()],
    examples: [`${what} agree undo.json`],
    interrupted: 'It may have been undone. Run it again.',
    gives: async () => (await import('./vitalAnswers.ts')).VITAL_TOLD,
    load: async () => (await import('./vitalVerbs.ts')).agreeVerb(what),
  });
}

function addDeathCommands(death: Command): void {
  addVerb(death, {
    name: 'report <patient>',
    about: 'report a death, as a doctor or a registrar',
    args: PATIENT,
    options: DEATH_REPORT,
    shared: [...visitor(), yes()],
    notes: `It has no effect until a party of another organisation confirms it; one of the two is a registrar. The
patient’s own devices show it, and object.`,
    examples: [
      'death report anna --at 2026-11-01T09:30Z --certificate death.pdf --out report.json',
    ],
    interrupted: 'It may have been reported: "death show" tells.',
    gives: async () => (await import('./vitalAnswers.ts')).VITAL_TOLD,
    load: async () => (await import('./deathVerbs.ts')).reportVerb,
  });
  addVerb(death, {
    name: 'show [patient]',
    about: 'show whether a death is reported or confirmed, and by whom',
    args: { patient: `${PATIENT.patient} (default: yourself)` },
    shared: visitor(),
    examples: ['death show', 'death show anna'],
    gives: async () => (await import('./vitalAnswers.ts')).VITAL_TOLD,
    load: async () => (await import('./deathVerbs.ts')).showDeath,
  });
  addSharedCommands(death, 'death');
}

function addWillCommands(will: Command): void {
  addVerb(will, {
    name: 'set',
    about: 'say which rights hold on after your death; all others end',
    options: WILL_SET,
    shared: [...visitor(), yes()],
    notes: `A right of the will gives reading alone, and ends on its own date at the latest. The ledger has a salted hash
of the will. To set the same one again changes nothing.`,
    examples: ['will set --keep 0x9c41 --for 1y', 'will set --yes'],
    interrupted: 'It may have been set: "will show" tells.',
    gives: async () => (await import('./vitalAnswers.ts')).WILL_TOLD,
    load: async () => (await import('./willVerbs.ts')).setVerb,
  });
  addVerb(will, {
    name: 'show',
    about: 'show your will',
    shared: visitor(),
    examples: ['will show'],
    gives: async () => (await import('./vitalAnswers.ts')).WILL_TOLD,
    load: async () => (await import('./willVerbs.ts')).showWill,
  });
  addVerb(will, {
    name: 'hand-over',
    about: 'send your will, by letter, to those whose rights it names',
    shared: visitor(),
    notes: `Without it they cannot read after your death. The letter waits for 60 days; you can send it again.`,
    examples: ['will hand-over'],
    interrupted: 'Some may have got it. Run it again.',
    gives: async () => (await import('./vitalAnswers.ts')).WILL_HANDED_OVER,
    load: async () => (await import('./willVerbs.ts')).handOverVerb,
  });
}
