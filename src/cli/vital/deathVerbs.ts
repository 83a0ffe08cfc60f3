import { confirmDeath } from '../../client/vital/confirmDeath.ts';
import { objectToDeath } from '../../client/vital/objectToDeath.ts';
import { readLife } from '../../client/vital/readLife.ts';
import { reportDeath } from '../../client/vital/reportDeath.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Handle, RecordId } from '../../protocol/ids.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import { digestOf } from '../../protocol/signing.ts';
import type { Death, LifeFacts } from '../../protocol/vitalRecords.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { describeMoment, short } from '../describeBody.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeLife, lifeForPrograms, vitalInWords } from './describeLife.ts';
import { hashOfFile, readOpening, writeOpening } from './openings.ts';
import type { DEATH_TOLD } from './vitalAnswers.ts';

type Told = AnswerOf<typeof DEATH_TOLD>;

/** Options of `medseal death report`. */
export interface DeathOptions extends VisitorOptions {
  readonly certificate: string;
  readonly at: number;
  readonly record?: RecordId;
  readonly out?: string;
}

/**
 * Reports a death, which has no effect until another organisation confirms it.
 *
 * @param terminal - Shows what is signed and asks.
 * @param who - The patient.
 * @param options - See `medseal death report --help`.
 * @throws MedsealError what `reportDeath` throws.
 */
export async function reportVerb(
  terminal: Terminal,
  who: string,
  options: DeathOptions,
): Promise<Told> {
  const { certificate, at, record, out } = options;
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const { handle, name } = await findPatient(visitor, who);
  const content = await hashOfFile(visitor, certificate);
  const before = await readLife(party, handle);
  // A second report of the same party is the same report, as far as anybody can tell.
  if (before.reporter === party.address) return await told(visitor, handle, before, true);
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  ${name} (${short(handle)}) died on ${describeMoment(at)}, with the certificate ${certificate}`,
    '',
    'It has no effect until a party of another organisation confirms it. Then the chart is frozen, and grants end.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const keep = async (signed: Death): Promise<void> => {
    if (out !== undefined) await writeOpening(out, signed);
  };
  await reportDeath(party, { handle, content, at, keep, ...(record && { record }) }).catch(refuse);
  const answer = await told(visitor, handle, await readLife(party, handle));
  return {
    ...answer,
    value: { ...answer.value, already: false, ...(out !== undefined && { file: out }) },
  };
}

/**
 * Confirms a death that a party of another organisation reported.
 *
 * @param terminal - Shows what is signed and asks.
 * @param who - The patient.
 * @param options - See `medseal death confirm --help`.
 * @throws MedsealError what `confirmDeath` throws; `ARGUMENT_INVALID` for the file of another report.
 */
export async function confirmVerb(
  terminal: Terminal,
  who: string,
  options: VisitorOptions & { readonly report?: string },
): Promise<Told> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const { handle, name } = await findPatient(visitor, who);
  const life = await readLife(party, handle);
  if (life.state === 'dead') return await told(visitor, handle, life, true);
  const { death, reporter } = life;
  if (death === undefined || reporter === undefined)
    throw new MedsealError('NOT_FOUND', { what: 'report of a death' });
  const opened = options.report && (await reportIn(visitor, options.report, life));
  const names = await namesOf(visitor);
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  the death of ${name} (${short(handle)}), as ${names.get(reporter) ?? short(reporter)} reported it (${short(death)})`,
    ...(opened
      ? [`    on ${describeMoment(opened.terms.at)}, certificate ${opened.terms.content}`]
      : []),
    '',
    'From then on nothing is added to the chart but vital records, and grants end, except those of the patient’s will.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  await confirmDeath(party, { handle, death }).catch(refuse);
  return await told(visitor, handle, await readLife(party, handle), false);
}

/**
 * Objects to the visitor's own death.
 *
 * @param terminal - Shows what is signed and asks.
 * @param options - See `medseal death object --help`.
 * @throws MedsealError what `objectToDeath` throws.
 */
export async function objectVerb(terminal: Terminal, options: VisitorOptions): Promise<Told> {
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const { handle } = await findPatient(visitor, undefined);
  const life = await readLife(party, handle);
  if (life.state === 'living') return await told(visitor, handle, life, true);
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    '  I am alive. The death that was recorded is a mistake.',
    '',
    'Everything is then again as it was before.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  await objectToDeath(party, handle).catch(refuse);
  return await told(visitor, handle, await readLife(party, handle), false);
}

/**
 * Shows what the ledger has of a death.
 *
 * @param terminal - For progress.
 * @param who - The patient; the visitor if absent.
 * @param options - See `medseal death show --help`.
 */
export async function showDeath(
  terminal: Terminal,
  who: string | undefined,
  options: VisitorOptions,
): Promise<Told> {
  const visitor = await openVisitor(terminal, options);
  const { handle } = await findPatient(visitor, who);
  terminal.progress.stage('asking the coordinators');
  return await told(visitor, handle, await readLife(visitor.party, handle));
}

/** Answers with a life as the ledger has it. */
export async function told(
  visitor: Visitor,
  handle: Handle,
  life: LifeFacts,
  already?: boolean,
): Promise<Told> {
  const names = await namesOf(visitor);
  const lines = describeLife(life, (word) => names.get(word) ?? short(word));
  return {
    value: { ...lifeForPrograms(handle, life), ...(already !== undefined && { already }) },
    lines,
  };
}

async function reportIn({ party }: Visitor, path: string, { death }: LifeFacts): Promise<Death> {
  const report = await readOpening(path, messageShape('Death'), 'report of a death');
  if (digestOf(party, 'Death', report) === death) return report;
  const reason = 'it is not the report that the ledger has';
  throw new MedsealError('ARGUMENT_INVALID', { argument: path, reason });
}

function refuse(error: unknown): never {
  throw vitalInWords(error);
}
