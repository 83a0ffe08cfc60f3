import type { Command } from 'commander';
import { calledAs } from '../program/calledAs.ts';
import { visitor, yes } from '../program/sharedOptions.ts';
import { addNoun, addVerb } from '../program/verb.ts';
import { CHART } from '../record/recordOptions.ts';
import {
  CORRECTION_DECIDED,
  CORRECTION_DISPUTED,
  MISTAKE_REPLY,
  MISTAKE_REPORT,
  RIGHT_ASKED,
  RIGHT_EXTEND,
} from './mistakeOptions.ts';

/**
 * Adds the commands about mistakes: `mistake …`.
 *
 * @param program - The command line.
 */
export function addMistakeCommands(program: Command): void {
  const mistake = addNoun(
    program,
    'mistake',
    'say that something is wrong, ask about a record or a right; answer',
  );
  addVerb(mistake, {
    name: 'report <what>',
    about: 'tell the author of a record, or whoever looked, that it is wrong, or ask',
    args: { what: 'a record or the beginning of its id; or an entry of "audit": care/hospital#12' },
    options: MISTAKE_REPORT,
    shared: [...visitor(), yes()],
    notes: `Only the author can read it. The same report again is the same report, and goes once more. At most 3 reports about a
record, and 16 to its author, can wait for an answer.`,
    examples: [
      'mistake report 0x3fa8 --words "I have never had asthma."',
      'mistake report care/hospital#12 --words "I do not know this doctor." --yes',
      'mistake report care/hospital#15 --record 0x3fa8 --words "Why did you open this?"',
      'mistake report 0x3fa8 --topic renewal --words "Six tablets are left."',
    ],
    interrupted: 'The report may have been sent: "mistake list" shows it.',
    gives: async () => (await import('./mistakeAnswers.ts')).MISTAKE_SENT,
    load: async () => (await import('./reportMistake.ts')).reportMistakeVerb,
  });
  addVerb(mistake, {
    name: 'list',
    about: 'list the reports that you made and those to you, with their answers',
    shared: visitor(),
    examples: ['mistake list', 'mistake list --as house --json'],
    interrupted: 'Letters may have been taken; what they brought is on this device.',
    gives: async () => (await import('./mistakeAnswers.ts')).MISTAKES_LISTED,
    load: async () => (await import('./listMistakes.ts')).listMistakes,
  });
  addVerb(mistake, {
    name: 'answer <report>',
    about: 'answer a report with words',
    args: { report: 'the report, or the beginning of its id' },
    options: MISTAKE_REPLY,
    shared: [...visitor(), yes()],
    notes: `To correct the record, use "${calledAs('record amend')}": that answers all reports about it.`,
    examples: ['mistake answer 0x7be2 --words "It is right: the laboratory confirmed it."'],
    interrupted: 'The answer may have been sent: "mistake list" shows it.',
    gives: async () => (await import('./mistakeAnswers.ts')).MISTAKE_SENT,
    load: async () => (await import('./answerMistake.ts')).answerMistakeVerb,
  });
  addVerb(mistake, {
    name: 'due',
    about: 'list objections to records of a chart, and the date by which each is to be answered',
    options: CHART,
    shared: visitor(),
    notes: `A network states the days for an answer: 30, unless its file says another number. Nothing is opened for the list.`,
    examples: ['mistake due', 'mistake due --patient anna --json'],
    gives: async () => (await import('./mistakeAnswers.ts')).CORRECTIONS_LISTED,
    load: async () => (await import('./dueCorrections.ts')).dueCorrections,
  });
  addVerb(mistake, {
    name: 'decide <objection>',
    about: 'answer an objection to your record: it is amended, or you decline with a reason',
    args: { objection: 'the objection or the beginning of its id; or of the id of its record' },
    options: CORRECTION_DECIDED,
    shared: [...visitor(), yes()],
    notes: `The answer stands beside the record, and everyone who may read the record reads it. It takes a right to add. Amend the record
first ("${calledAs('record amend')}"), then name the version. Run it again to change the answer: the one before stays in its history.`,
    examples: [
      'mistake decide 0x7be2 --patient anna --words "The laboratory confirmed it."',
      'mistake decide 0x7be2 --patient anna --amended 2',
    ],
    interrupted: 'The answer may be on the chart: "mistake due" shows it then.',
    gives: async () => (await import('../record/recordAnswers.ts')).RECORDS_ADDED,
    load: async () => (await import('./decideCorrection.ts')).decideCorrection,
  });
  addVerb(mistake, {
    name: 'dispute <objection>',
    about: 'say beside a record that you disagree with the answer to your objection',
    args: { objection: 'your objection or the beginning of its id; or of the id of its record' },
    options: CORRECTION_DISPUTED,
    shared: [...visitor(), yes()],
    notes: `Your statement stays with the record, and everyone who may read the record reads it. It has no term.`,
    examples: ['mistake dispute 0x7be2 --words "I was never tested."'],
    interrupted: 'The statement may be on the chart: "mistake due" shows it then.',
    gives: async () => (await import('../record/recordAnswers.ts')).RECORDS_ADDED,
    load: async () => (await import('./decideCorrection.ts')).disputeCorrection,
  });
  addVerb(mistake, {
    name: 'tell <record>',
    about: 'tell those who read your record before it was corrected that it was',
    args: { record: 'the record or the beginning of its id' },
    shared: [...visitor(), yes()],
    notes: `Your audit knows who read a former version. Each gets one letter, which says nothing else; run it again to tell those who read it
since, or who could not be told.`,
    examples: ['mistake tell 0x3fa8'],
    interrupted: 'Some of them may have been told. Run it again: nobody is told twice.',
    gives: async () => (await import('./mistakeAnswers.ts')).READERS_TOLD,
    load: async () => (await import('./tellCorrection.ts')).tellCorrection,
  });
  addVerb(mistake, {
    name: 'ask <right>',
    about: 'ask a patient to extend your right, or someone why they need theirs',
    args: { right: 'a right or the beginning of its id; or a contact: the right that ends last' },
    options: RIGHT_ASKED,
    shared: [...visitor(), yes()],
    notes: `With --until you ask for more time, as whoever has the right; it gives nothing before the patient agrees. Without it you
ask about a right that you gave. At most 3 messages about a right can wait for an answer, until 30 days after its end.`,
    examples: [
      'mistake ask anna --until 30d --words "The wound needs another month."',
      'mistake ask dr-house --words "Why do you need this?"',
    ],
    interrupted: 'It may have been sent: "mistake list" shows it.',
    gives: async () => (await import('./mistakeAnswers.ts')).MISTAKE_SENT,
    load: async () => (await import('./askAboutRight.ts')).askAboutRightVerb,
  });
  addVerb(mistake, {
    name: 'extend <report>',
    about: 'let someone keep a right for longer, as they asked',
    args: { report: 'the message, or the beginning of its id' },
    options: RIGHT_EXTEND,
    shared: [...visitor(), yes()],
    notes: `It is a new right with the same terms. To decline, use "${calledAs('mistake answer')}". A right that you renewed meanwhile is
not given twice.`,
    examples: ['mistake extend 0x7be2', 'mistake extend 0x7be2 --until 7d --yes'],
    interrupted: 'The right may have been given: "grants" shows it then. Run it again to answer.',
    gives: async () => (await import('./mistakeAnswers.ts')).MISTAKE_SENT,
    load: async () => (await import('./extendRight.ts')).extendRightVerb,
  });
}
