import type { Command } from 'commander';
import { calledAs } from '../program/calledAs.ts';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import {
  PRESCRIPTION_DISPENSE,
  PRESCRIPTION_ISSUE,
  PRESCRIPTION_PASS,
  PRESCRIPTION_SLIP,
  PATIENT,
} from './prescriptionOptions.ts';

const ID = { prescription: 'the prescription, or the beginning of its id' };
const SLIP = { slip: 'file with what the patient shows' };

/**
 * Adds the commands about prescriptions: `prescription …`.
 *
 * @param program - The command line.
 */
export function addPrescriptionCommands(program: Command): void {
  const prescription = addNoun(program, 'prescription', 'prescribe, show and dispense medicines');
  addVerb(prescription, {
    name: 'issue',
    about: 'prescribe a medicine for a patient who lets you add medications',
    options: PRESCRIPTION_ISSUE,
    shared: [...visitor(), yes()],
    notes: `First the order is compared with the chart’s allergies and medicines, as far as you may read them: by code, name and a
few groups of substances. That is not a database of interactions. A conflict needs --reason.
Give --dose, --dosage or both. A dose has an amount and how often: times=3 a day; or often=moments and when="MORN EVE"; or
often=by-clock and clock="08:00 20:00"; or often=by-hours and hours=8; or often=by-days and pause=7. Its unit is --unit unless
you give another.
The medicine goes to the chart, sealed. The ledger counts what is dispensed, and tells amounts and days alone. If
it is cut off, run it again within minutes: it issues the same prescription.`,
    examples: [
      'prescription issue -p anna --medicine "Amoxicillin 500 mg capsules" --dosage "1, three times a day" --amount 21 --unit capsule',
      'prescription issue -p anna --medicine "Ibuprofen 400 mg tablets" --dose amount=1 --dose times=3 --dose days=5 --dose route=oral --dose needed=yes --amount 15 --unit tablet',
      'prescription issue -p anna --medicine "Metformin 500 mg tablets" --dosage "1, twice a day" --amount 60 --unit tablet --fills 6 --interval 28 --until 200d --yes',
    ],
    interrupted: 'It may have been issued: "prescription list --patient" shows it.',
    gives: async () => (await import('./prescriptionAnswers.ts')).PRESCRIPTION_ISSUED,
    load: async () => (await import('./issue.ts')).issue,
  });
  addVerb(prescription, {
    name: 'replace <prescription>',
    about: 'issue a prescription in the place of another of yours, which ends',
    args: ID,
    options: PRESCRIPTION_ISSUE,
    shared: [...visitor(), yes()],
    examples: [
      'prescription replace 0x3fa8 -p anna --medicine "Amoxicillin 250 mg capsules" --dosage "1, three times a day" --amount 21 --unit capsule',
    ],
    interrupted: 'It may have been issued: "prescription list --patient" shows it.',
    gives: async () => (await import('./prescriptionAnswers.ts')).PRESCRIPTION_ISSUED,
    load: async () => (await import('./issue.ts')).replace,
  });
  addVerb(prescription, {
    name: 'sign <file>',
    about: 'sign a prescription beside its prescriber, as the second doctor',
    args: { file: 'the prescriber’s file' },
    shared: [...visitor(), yes()],
    examples: ['prescription sign morphine.json'],
    interrupted: 'The file may be signed. Run it again.',
    gives: async () => (await import('./prescriptionAnswers.ts')).PRESCRIPTION_SIGNED,
    load: async () => (await import('./issue.ts')).signSecond,
  });
  addVerb(prescription, {
    name: 'place <file>',
    about: 'put a prescription on the ledger that both doctors signed',
    args: { file: 'the file, with both signatures' },
    shared: visitor(),
    examples: ['prescription place morphine.json'],
    interrupted: 'It may have been issued. Run it again.',
    gives: async () => (await import('./prescriptionAnswers.ts')).PRESCRIPTION_ISSUED,
    load: async () => (await import('./issue.ts')).place,
  });
  addVerb(prescription, {
    name: 'list',
    about: 'list the prescriptions of a chart, and how much of each was dispensed',
    options: [PATIENT],
    shared: visitor(),
    notes: `On your own chart it also adds what pharmacies told you in letters. Nobody but you sees where a medicine was
dispensed.`,
    examples: ['prescription list', 'prescription list --patient anna'],
    interrupted: 'Letters may have been taken; what they brought is on this device.',
    gives: async () => (await import('./prescriptionAnswers.ts')).PRESCRIPTIONS_LISTED,
    load: async () => (await import('./list.ts')).listPrescriptions,
  });
  for (const [name, about] of [
    ['hold', 'hold back a prescription of yours'],
    ['resume', 'let a prescription go on that you held back'],
    ['cancel', 'end a prescription of yours for good'],
  ] as const) {
    addVerb(prescription, {
      name: `${name} <prescription>`,
      about,
      args: ID,
      options: [PATIENT],
      shared: [...visitor(), yes()],
      notes: `With the whole id no chart is needed; with its beginning, name the patient. It is safe to run twice.`,
      examples: [`prescription ${name} 0x3fa8 --patient anna`],
      interrupted: 'It may have been done. Run it again.',
      gives: async () => (await import('./prescriptionAnswers.ts')).PRESCRIPTION_TOLD,
      load: async () => (await import('./change.ts'))[`${name}Verb`],
    });
  }
  addVerb(prescription, {
    name: 'slip <prescription>',
    about: 'get what you show to a pharmacy, as text or a file',
    args: ID,
    options: PRESCRIPTION_SLIP,
    shared: visitor(),
    notes: `It holds this prescription and its key, and nothing else of your chart. If somebody else may have seen it, use
"${calledAs('prescription pass')}".`,
    examples: ['prescription slip 0x3fa8 --out slip.json'],
    gives: async () => (await import('./prescriptionAnswers.ts')).SLIP_MADE,
    load: async () => (await import('./slip.ts')).showSlip,
  });
  addVerb(prescription, {
    name: 'pass <prescription>',
    about: 'give your prescription another key, so that what you showed before is void',
    args: ID,
    options: PRESCRIPTION_PASS,
    shared: [...visitor(), yes()],
    examples: ['prescription pass 0x3fa8 --out slip.json'],
    interrupted: 'It may have been done: "prescription slip" gives what counts now.',
    gives: async () => (await import('./prescriptionAnswers.ts')).SLIP_MADE,
    load: async () => (await import('./slip.ts')).pass,
  });
  addVerb(prescription, {
    name: 'read <slip>',
    about: 'read a prescription that a patient shows, and its state',
    args: SLIP,
    shared: visitor(),
    examples: ['prescription read slip.json'],
    gives: async () => (await import('./prescriptionAnswers.ts')).SLIP_TOLD,
    load: async () => (await import('./dispense.ts')).readShown,
  });
  addVerb(prescription, {
    name: 'dispense <slip>',
    about: 'dispense a part of a prescription that a patient shows, as a pharmacist',
    args: SLIP,
    options: PRESCRIPTION_DISPENSE,
    shared: [...visitor(), yes()],
    notes: `The ledger counts it once, or refuses it. If it is cut off, run it again with the same amount: nothing is
dispensed twice.`,
    examples: ['prescription dispense slip.json --amount 21 --note "lot 4711"'],
    interrupted: 'It may have been dispensed. Run it again with the same amount.',
    gives: async () => (await import('./prescriptionAnswers.ts')).DISPENSE_DONE,
    load: async () => (await import('./dispense.ts')).dispenseVerb,
  });
}
