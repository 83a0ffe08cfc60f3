import {
  issuePrescription,
  signBeside,
  signPrescription,
} from '../../client/care/prescriptions/issuePrescription.ts';
import { placePrescription } from '../../client/care/prescriptions/placePrescription.ts';
import type { PrescriptionSigned } from '../../client/care/prescriptions/PrescriptionSigned.ts';
import type { NewPrescription } from '../../client/care/prescriptions/NewPrescription.ts';
import {
  directionsIn,
  parsePrescriptionFile,
  prescriptionFileOf,
} from '../../client/care/prescriptions/prescriptionFile.ts';
import { cdsHooksCheck } from '../../client/care/prescriptions/cdsHooksCheck.ts';
import { reviewOrder } from '../../client/care/prescriptions/reviewOrder.ts';
import { sayConflicts } from '../../client/care/prescriptions/sayConflicts.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { dosageOrdered, overrideIn } from '../../fhir/makeMedicationRequest.ts';
import { parseMedicineCode } from '../../fhir/parseMedicineCode.ts';
import { seconds } from '../../protocol/Clock.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { findContact, findPatient } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { confirmSigning, confirmSigningOn } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { calledAs } from '../program/calledAs.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import { relianceFor } from '../record/chart.ts';
import { untilOf } from '../right/grant.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { inWords } from './describePrescription.ts';
import { doseGiven } from './doseGiven.ts';
import { digestNamed } from './findPrescription.ts';
import type { PRESCRIPTION_ISSUED, PRESCRIPTION_SIGNED } from './prescriptionAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { PRESCRIPTION_ISSUE } from './prescriptionOptions.ts';

type IssueOptions = VisitorOptions & OptionsOf<typeof PRESCRIPTION_ISSUE>;

/**
 * Issues a prescription, or signs it for a second doctor to sign beside.
 *
 * @throws MedsealError what `reviewOrder` and `issuePrescription` throw; `ARGUMENT_INVALID` for a second doctor without a file.
 */
export async function issue(
  terminal: Terminal,
  options: IssueOptions,
): Promise<AnswerOf<typeof PRESCRIPTION_ISSUED>> {
  return await issueFor(terminal, options);
}

/**
 * Issues a prescription in the place of another, which ends with it.
 *
 * @throws MedsealError as `issue`.
 */
export async function replace(
  terminal: Terminal,
  id: string,
  options: IssueOptions,
): Promise<AnswerOf<typeof PRESCRIPTION_ISSUED>> {
  return await issueFor(terminal, options, id);
}

async function issueFor(
  terminal: Terminal,
  options: IssueOptions,
  replaced?: string,
): Promise<AnswerOf<typeof PRESCRIPTION_ISSUED>> {
  const { second, out } = options;
  if ((second === undefined) !== (out === undefined)) {
    const reason = 'give --second and --out together: the second doctor signs the file';
    throw new MedsealError('ARGUMENT_INVALID', { argument: 'issue', reason });
  }
  const dose = doseGiven(options);
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const patient = await findPatient(visitor, options.patient);
  const { right, purpose } = await relianceFor(visitor, patient, {
    action: 'add',
    category: 'medications',
    ...(options.purpose && { purpose: options.purpose }),
  });
  if (right === undefined) throw new MedsealError('RIGHT_MISSING', {});
  const replaces = replaced && (await digestNamed(visitor, replaced, options));
  const beside = second === undefined ? undefined : await findContact(visitor, second);
  const code = options.code === undefined ? undefined : parseMedicineCode(options.code);
  if (options.code !== undefined && code === undefined) {
    const reason = 'write it as http://www.whocc.no/atc|J01CA04';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--code', reason });
  }
  const { medicine, dosage = '', unit, amount, fills, interval, controlled = false } = options;
  const wanted: NewPrescription = {
    handle: patient.handle,
    grant: right.grant,
    purpose,
    medicine,
    ...(code && { code }),
    dosage,
    ...(dose && { dose }),
    unit,
    amount,
    fills,
    interval,
    from: seconds(party.clock),
    until: untilOf(visitor, options.until),
    ...(controlled && { controlled }),
    ...(beside && { second: beside.facts.party }),
    ...(replaces && { replaces }),
  };
  terminal.progress.stage('checking the order against the chart');
  const checks = options.check === undefined ? [] : [cdsHooksCheck(options.check)];
  const review = await reviewOrder(party, wanted, { checks });
  const against = review.conflicts.filter(({ indicator }) => indicator !== 'info');
  if (against.length > 0 && options.reason === undefined) {
    throw new MedsealError('ORDER_CONFLICTS', { conflicts: sayConflicts(against).join('; ') });
  }
  await confirmSigning(terminal, visitor, [
    `  prescribe for ${patient.name} (${short(patient.handle)})`,
    `    ${visibleText(medicine, 96)}${code ? ` (${visibleText(code.system, 96)}|${visibleText(code.code, 96)})` : ''}: ${visibleText(dosageOrdered(wanted).text ?? '', 1400)}`,
    `    ${amount} × ${visibleText(unit, 96)}, ${fills} ${fills === 1 ? 'time' : 'times'}${interval > 0 ? `, every ${interval} days` : ''}`,
    `    until ${describeMoment(wanted.until)}`,
    ...(replaces ? [`  in the place of ${short(replaces)}, which ends`] : []),
    ...(beside ? [`  once ${beside.name} has signed it too`] : []),
    ...(controlled ? ['  as a controlled medicine'] : []),
    '',
    ...sayConflicts(review.conflicts).map((conflict) => `  ! ${conflict}`),
    ...review.unread.map((category) => `  ! not checked: not all ${category} can be read`),
    ...(against.length > 0 ? [`  your reason: ${visibleText(options.reason ?? '', 200)}`] : []),
    'The check compares codes, names and a few groups of substances. It is not a database of interactions.',
    '',
    'The ledger tells the network’s organisations amounts and days, and nothing of the medicine or the patient.',
  ]);
  terminal.progress.stage('writing the record, and waiting for the ledger');
  if (out === undefined) {
    const issued = await issuePrescription(party, review, options.reason).catch(
      (error: unknown) => {
        throw inWords(error);
      },
    );
    return issuedAnswer(issued);
  }
  const signed = await signPrescription(party, review, options.reason);
  await keep(out, signed);
  return {
    value: {
      prescription: signed.digest,
      record: signed.message.terms.record,
      already: false,
      file: out,
    },
    lines: [
      `The record is on the chart; the prescription waits for the second doctor in ${out}.`,
      `Next: the second doctor runs ${calledAs(`prescription sign ${out}`)}, and you ${calledAs(`prescription place ${out}`)}, both within a day.`,
    ],
  };
}

/**
 * Signs a prescription beside its prescriber, in its file.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; `RIGHT_MISSING` if it names another second doctor.
 */
export async function signSecond(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof PRESCRIPTION_SIGNED>> {
  const visitor = await openVisitor(terminal, options);
  const signed = await readSigned(visitor, file);
  const { terms, prescriber, amount, fills, interval, from, until, replaces } = signed.message;
  const overridden = overrideIn(signed.order);
  const { name } = await findContact(visitor, prescriber);
  await confirmSigningOn(terminal, visitor, `beside ${name}`, [
    `  ${visibleText(terms.medicine, 96)}${terms.code === '' ? '' : ` (${visibleText(terms.code, 96)})`}`,
    `  ${visibleText(directionsIn(signed.order), 1400)}`,
    `  ${amount} × ${visibleText(terms.unit, 96)}, ${fills} times${interval > 0 ? `, every ${interval} days` : ''}`,
    `  from ${describeMoment(from)} until ${describeMoment(until)}`,
    ...(replaces === ZERO32 ? [] : [`  in the place of ${replaces}, which ends`]),
    ...(terms.controlled ? ['  as a controlled medicine'] : []),
    ...(overridden === undefined ? [] : [`  despite a warning: ${visibleText(overridden, 200)}`]),
    `  for the chart ${short(terms.handle)}`,
  ]);
  const cosignature = signBeside(visitor.party, signed.message);
  await keep(file, { ...signed, submission: { ...signed.submission, cosignature } });
  return {
    value: { prescription: signed.digest, file },
    lines: [`You signed it. Give ${file} back to ${name}.`],
  };
}

/**
 * Has a prescription that both doctors signed put on the ledger.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; what `placePrescription` throws.
 */
export async function place(
  terminal: Terminal,
  file: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof PRESCRIPTION_ISSUED>> {
  const visitor = await openVisitor(terminal, options);
  const signed = await readSigned(visitor, file);
  terminal.progress.stage('waiting for the ledger');
  return issuedAnswer(
    await placePrescription(visitor.party, signed).catch((error: unknown) => {
      throw inWords(error);
    }),
  );
}

function issuedAnswer(
  issued: Awaited<ReturnType<typeof placePrescription>>,
): AnswerOf<typeof PRESCRIPTION_ISSUED> {
  const { digest: prescription, record, already } = issued;
  return {
    value: { prescription, record, already },
    lines: [
      already ? 'The prescription had been issued already.' : 'The prescription is issued.',
      `Prescription ${prescription}`,
      `Record ${record}`,
    ],
  };
}

async function readSigned({ party }: Visitor, path: string): Promise<PrescriptionSigned> {
  return parsePrescriptionFile(party, await readGivenText(path), path);
}

async function keep(path: string, signed: PrescriptionSigned): Promise<void> {
  await writeFileWhole(path, `${JSON.stringify(prescriptionFileOf(signed), null, 2)}\n`);
}
