import { CLAIM_REASONS } from '../../protocol/care/claimReasons.ts';
import { moment } from '../program/duration.ts';
import { parseSum } from '../program/parseSum.ts';
import { option, must } from '../program/VerbOption.ts';
import { InvalidArgumentError } from 'commander';
import type { BillLine } from '../../fhir/claims/makeInvoice.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { PURPOSES } from '../../protocol/vocabulary.ts';
import { collects } from '../program/oncePerOption.ts';
import { oneOf, recordId } from '../program/sharedOptions.ts';

const WORDS = option('--words <text>', 'words for the claimant');

function reason(otherwise: (typeof CLAIM_REASONS)[number]) {
  return option('--reason <code>', 'the reason').choices(CLAIM_REASONS).default(otherwise);
}

/** Options of `medseal claim approve`. */
export const CLAIM_APPROVE = [
  option('--amount <sum>', 'pay so much (default: all that it asks for)').argParser(parseSum),
  option('-u, --until <when>', 'let an answer in advance be used until then').argParser(moment),
  reason('covered'),
  WORDS,
];

/** Options of `medseal claim deny`. */
export const CLAIM_DENY = [reason('not-covered'), WORDS];

/** Options of `medseal claim ask`. */
export const CLAIM_ASK = [WORDS];

function billLine(text: string): BillLine {
  const at = text.lastIndexOf('=');
  const service = text.slice(0, at).trim();
  if (at < 1 || service === '') {
    throw new InvalidArgumentError('It must be a service and an amount, such as "X-ray=80.00".');
  }
  return { service, units: parseSum(text.slice(at + 1)) };
}

function rests(about: string) {
  return option('--rests <record>', about).argParser(
    collects((text: string, before: readonly RecordId[] = []) => [...before, recordId(text)]),
  );
}

/** Options of `medseal claim submit`. */
export const CLAIM_SUBMIT = [
  option('-p, --patient <who>', 'the patient: a contact, card, file or handle (default: yourself)'),
  must('--insurer <who>', 'the insurer: a contact, card, file or address'),
  must('--coverage <record>', 'the record with the policy').argParser(recordId),
  option(
    '--treatment <record>',
    'the record of the treatment; without it, ask in advance',
  ).argParser(recordId),
  rests('a further record that it rests on; repeatable'),
  must('--line <service=amount>', 'a line of the bill; repeatable').argParser(
    collects((text: string, before: readonly BillLine[] = []) => [...before, billLine(text)]),
  ),
  option('--currency <code>', 'currency of the bill').default('EUR'),
  option('--amount <sum>', 'ask for so much (default: the whole bill)').argParser(parseSum),
  option(
    '--payee <who>',
    'the party that is paid, which wrote one of these records (default: yourself)',
  ),
  option('--bill <file>', 'the bill that whoever treated signed, if that is not you'),
  option(
    '--follows <claim>',
    'ask for what the newest claim for this treatment left unpaid',
  ).argParser(recordId),
  option('--authorisation <claim>', 'use up this answer in advance').argParser(recordId),
  option('--out <file>', 'write it to this file, for the patient to permit'),
  option('--purpose <code>', 'rely on a right for this purpose').argParser(oneOf(PURPOSES)),
];

/** Options of `medseal claim bill`. */
export const CLAIM_BILL = [
  must('-p, --patient <who>', 'the patient: a contact, card, file or handle'),
  must('--treatment <record>', 'the record of the treatment, which you wrote').argParser(recordId),
  must('--total <sum>', 'its total').argParser(parseSum),
  must('--out <file>', 'write the signed bill to this file'),
  option('--purpose <code>', 'rely on a right for this purpose').argParser(oneOf(PURPOSES)),
];

/** Options of `medseal claim answer`. */
export const CLAIM_ANSWER = [
  rests('a further record; repeatable').makeOptionMandatory(),
  option('--out <file>', 'write them to this file, for the patient to permit'),
];

/** Options of `medseal claim dispute`. */
export const CLAIM_DISPUTE = [
  must('--words <text>', 'the reason, in 96 characters at most'),
  option('--appeal', 'appeal against a judgement'),
];
