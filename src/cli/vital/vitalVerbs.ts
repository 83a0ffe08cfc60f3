import { confirmVital } from '../../client/care/vital/confirmVital.ts';
import { objectToVital } from '../../client/care/vital/objectToVital.ts';
import { readLife } from '../../client/care/vital/readLife.ts';
import { prepareUndoing, undoVital } from '../../client/care/vital/undoVital.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { Handle } from '../../protocol/ids.ts';
import { messageShape, signedShape } from '../../protocol/shapes/messageShape.ts';
import { digestOf, sign } from '../../protocol/struct/signing.ts';
import type { VitalFacts } from '../../protocol/care/vitalRecords.ts';
import type { Vital } from '../../protocol/struct/vitalTypes.ts';
import { findContact, findPatient, namesOf } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeVital, vitalForPrograms, vitalInWords } from './describeLife.ts';
import { BIRTH_OPENING, hashOfFile, readOpening, writeForAnother } from './openings.ts';
import type { UNDOING_SIGNED, VITAL_TOLD } from './vitalAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VITAL_CONFIRM, VITAL_UNDO } from './vitalOptions.ts';

// The verbs that births and deaths share: each is made for one of the two.

/** Answer of a verb that tells a birth or a death. */
export type VitalTold = AnswerOf<typeof VITAL_TOLD>;

/** Seconds that the second party has to sign. */
const WITHIN = 86_400;

const EFFECTS: Readonly<Record<Vital, string>> = {
  birth: 'From then on the birth is registered.',
  death:
    'From then on nothing is added to the chart but vital records, and grants end, except those of the patient’s will.',
};

/**
 * Makes the verb that confirms what a party of another organisation reported.
 *
 * @param what - A birth or a death.
 * @returns The verb; it throws what `confirmVital` throws, and `ARGUMENT_INVALID` for the file of another report.
 */
export function confirmVerb(
  what: Vital,
): (
  terminal: Terminal,
  who: string,
  options: VisitorOptions & OptionsOf<typeof VITAL_CONFIRM>,
) => Promise<VitalTold> {
  return async (terminal, who, options) => {
    const visitor = await openVisitor(terminal, options);
    const { party } = visitor;
    const { handle, name } = await findPatient(visitor, who);
    const { [what]: facts } = await readLife(party, handle);
    if (facts.stage === 'confirmed') return await told(visitor, what, handle, { already: true });
    const { report, reporter } = facts;
    if (report === undefined || reporter === undefined)
      throw new MedsealError('NOT_FOUND', { what: `report of a ${what}` });
    const { opened, digest, details } = await readReport(visitor, what, options.report);
    if (digest !== report) {
      const reason = 'it is not the report that the ledger has';
      throw new MedsealError('ARGUMENT_INVALID', { argument: options.report, reason });
    }
    const names = await namesOf(visitor);
    await confirmSigning(terminal, visitor, [
      `  the ${what} of ${name} (${short(handle)}), as ${names.get(reporter) ?? short(reporter)} reported it (${short(report)})`,
      ...details.map((line) => `    ${line}`),
      '',
      EFFECTS[what],
    ]);
    terminal.progress.stage('waiting for the ledger');
    await confirmVital(party, opened).catch(refuse);
    return await told(visitor, what, handle, { already: false });
  };
}

/**
 * Makes the verb that objects to the visitor's own birth or death.
 *
 * @param what - A birth or a death.
 * @returns The verb; it throws what `objectToVital` throws.
 */
export function objectVerb(
  what: Vital,
): (terminal: Terminal, options: VisitorOptions) => Promise<VitalTold> {
  return async (terminal, options) => {
    const visitor = await openVisitor(terminal, options);
    const { party } = visitor;
    const { handle } = await findPatient(visitor, undefined);
    const { [what]: facts } = await readLife(party, handle);
    if (facts.stage === 'none') return await told(visitor, what, handle, { already: true });
    await confirmSigning(terminal, visitor, [
      what === 'death'
        ? '  I am alive. The death that was recorded is a mistake.'
        : '  The birth that was recorded of me is a mistake.',
      '',
      'Everything is then again as it was before.',
    ]);
    terminal.progress.stage('waiting for the ledger');
    await objectToVital(party, { handle, what }).catch(refuse);
    return await told(visitor, what, handle, { already: false });
  };
}

/**
 * Makes the verb that signs, as the first of two, that a birth or a death was recorded by mistake.
 *
 * @param what - A birth or a death.
 * @returns The verb; it throws what `signUndoing` throws.
 */
export function undoVerb(
  what: Vital,
): (
  terminal: Terminal,
  who: string,
  options: VisitorOptions & OptionsOf<typeof VITAL_UNDO>,
) => Promise<AnswerOf<typeof UNDOING_SIGNED>> {
  return async (terminal, who, options) => {
    const { evidence, reason, out } = options;
    const visitor = await openVisitor(terminal, options);
    const { party } = visitor;
    const { handle, name } = await findPatient(visitor, who);
    const content = await hashOfFile(visitor, evidence);
    const { name: other, facts } = await findContact(visitor, options.second);
    const second = facts.party;
    terminal.progress.stage('asking the coordinators');
    const wanted = { what, handle, content, reason, second, within: WITHIN };
    const message = await prepareUndoing(party, wanted);
    await confirmSigning(terminal, visitor, [
      `  the ${what} of ${name} (${short(handle)}) was recorded by mistake: ${visibleText(reason, 96)}`,
      `  with the evidence ${evidence}, whose SHA-256 is ${content}`,
      `  undone is the report ${short(message.report)}`,
      '',
      `It counts once ${other} (${facts.organisation}) has signed it too, within a day.`,
    ]);
    const signed = sign(party, party, 'UndoVital', message);
    await writeForAnother(out, signed, signedShape('UndoVital'));
    const next = calledAs(`${what} agree ${out}`);
    return {
      value: { what, handle, report: signed.message.report, second, file: out },
      lines: [`It is in ${out}. Hand it to ${other}, who has a day: ${next}`],
    };
  };
}

/**
 * Makes the verb that signs as the second party that a birth or a death was recorded by mistake, and undoes it.
 *
 * @param what - A birth or a death.
 * @returns The verb; it throws what `undoVital` throws.
 */
export function agreeVerb(
  what: Vital,
): (terminal: Terminal, file: string, options: VisitorOptions) => Promise<VitalTold> {
  return async (terminal, file, options) => {
    const visitor = await openVisitor(terminal, options);
    const { party } = visitor;
    const signed = await readOpening(file, signedShape('UndoVital'), `signed undoing of a ${what}`);
    const { handle, terms, first, report } = signed.message;
    if (signed.message.what !== what) {
      const reason = `it undoes a ${signed.message.what}`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason });
    }
    const names = await namesOf(visitor);
    const nameOf = (word: string): string => names.get(word) ?? short(word);
    await confirmSigning(terminal, visitor, [
      `  the ${what} of ${nameOf(handle)} was recorded by mistake: ${visibleText(terms.reason, 96)}`,
      `  as ${nameOf(first)} says, with evidence whose SHA-256 is ${terms.content}`,
      `  undone is the report ${short(report)}`,
      '',
      'Everything is then again as it was before.',
    ]);
    terminal.progress.stage('waiting for the ledger');
    await undoVital(party, signed).catch(refuse);
    return await told(visitor, what, handle);
  };
}

/** Answers with a birth or a death as the ledger has it. */
export async function told(
  visitor: Visitor,
  what: Vital,
  handle: Handle,
  more: { readonly already?: boolean; readonly file?: string } = {},
  known?: VitalFacts,
): Promise<VitalTold> {
  const facts = known ?? (await readLife(visitor.party, handle))[what];
  const names = await namesOf(visitor);
  const lines = describeVital(what, facts, (word) => names.get(word) ?? short(word));
  return { value: { ...vitalForPrograms(what, handle, facts), ...more }, lines };
}

/** Throws the error of the client in words for people. */
export function refuse(error: unknown): never {
  throw vitalInWords(error);
}

interface ReportRead {
  readonly opened: Parameters<typeof confirmVital>[1];
  readonly digest: string;
  /** Words of the report, for whoever confirms it. */
  readonly details: readonly string[];
}

async function readReport(visitor: Visitor, what: Vital, path: string): Promise<ReportRead> {
  const { party } = visitor;
  if (what === 'death') {
    const death = await readOpening(path, messageShape('Death'), 'report of a death');
    const { at, content } = death.terms;
    const details = [`on ${describeMoment(at)}, certificate ${content}`];
    return { opened: { death }, digest: digestOf(party, 'Death', death), details };
  }
  const opened = await readOpening(path, BIRTH_OPENING, 'birth');
  const names = await namesOf(visitor);
  const mother = opened.link?.message.handle;
  const details = [
    `certificate ${opened.birth.terms.content}`,
    ...(mother === undefined ? [] : [`born to ${names.get(mother) ?? short(mother)}`]),
  ];
  return { opened, digest: digestOf(party, 'Birth', opened.birth), details };
}
