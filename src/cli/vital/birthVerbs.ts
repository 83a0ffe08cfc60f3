import { existsSync } from 'node:fs';
import { readLife } from '../../client/vital/readLife.ts';
import { registerBirth } from '../../client/vital/registerBirth.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { messageShape } from '../../protocol/shapes/messageShape.ts';
import { digestOf } from '../../protocol/signing.ts';
import type { Birth } from '../../protocol/vitalRecords.ts';
import { findPatient, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { vitalInWords } from './describeLife.ts';
import { hashOfFile, readOpening, writeOpening } from './openings.ts';
import type { BIRTH_REGISTERED, BIRTH_SHOWN } from './vitalAnswers.ts';

/** Options of `medseal birth register`. */
export interface RegisterOptions extends VisitorOptions {
  readonly certificate: string;
  readonly record?: RecordId;
  readonly out?: string;
}

/**
 * Registers the birth of a child that has a handle.
 *
 * @param terminal - Shows what is signed and asks.
 * @param child - The child.
 * @param options - See `medseal birth register --help`.
 * @throws MedsealError what `registerBirth` throws.
 */
export async function registerVerb(
  terminal: Terminal,
  child: string,
  options: RegisterOptions,
): Promise<AnswerOf<typeof BIRTH_REGISTERED>> {
  const { certificate, record, out } = options;
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const { handle, name } = await findPatient(visitor, child);
  const content = await hashOfFile(visitor, certificate);
  const told = out === undefined ? {} : { file: out };
  const { birth } = await readLife(party, handle);
  if (birth !== undefined && out !== undefined && existsSync(out)) {
    const kept = await readOpening(out, messageShape('Birth'), 'birth');
    if (digestOf(party, 'Birth', kept) === birth && kept.terms.content === content)
      return {
        value: { handle, birth, already: true, ...told },
        lines: [`The birth of ${name} is registered already: ${short(birth)}`],
      };
  }
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  the birth of ${name} (${short(handle)}), with the certificate ${certificate}`,
    '',
    'The ledger tells that this birth was registered, when and by whom, and nothing of the certificate.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const keep = async (signed: Birth): Promise<void> => {
    if (out !== undefined) await writeOpening(out, signed);
  };
  const placed = await registerBirth(party, {
    handle,
    content,
    keep,
    ...(record && { record }),
  }).catch((error: unknown) => {
    throw vitalInWords(error);
  });
  return {
    value: { handle, birth: placed.digest, already: false, ...told },
    lines: [
      `The birth of ${name} is registered: ${short(placed.digest)}, block ${placed.block}.`,
      ...(out === undefined
        ? []
        : [`It is opened by ${out}: keep it, and give the parents a copy.`]),
    ],
  };
}

/**
 * Shows whether a birth is registered, and checks the file that opens it.
 *
 * @param terminal - For progress.
 * @param child - The child; the visitor if absent.
 * @param options - See `medseal birth show --help`.
 */
export async function showBirth(
  terminal: Terminal,
  child: string | undefined,
  options: VisitorOptions & { readonly opening?: string },
): Promise<AnswerOf<typeof BIRTH_SHOWN>> {
  const visitor = await openVisitor(terminal, options);
  const { handle, name } = await findPatient(visitor, child);
  terminal.progress.stage('asking the coordinators');
  const { birth } = await readLife(visitor.party, handle);
  if (birth === undefined) {
    if (options.opening !== undefined) throw new MedsealError('NOT_FOUND', { what: 'birth' });
    return { value: { handle }, lines: [`No birth is registered for ${name}.`] };
  }
  const line = `The birth of ${name} is registered: ${short(birth)}`;
  if (options.opening === undefined) return { value: { handle, birth }, lines: [line] };
  const opened = await readOpening(options.opening, messageShape('Birth'), 'birth');
  const matches = digestOf(visitor.party, 'Birth', opened) === birth;
  const { registrar } = opened;
  if (!matches)
    return {
      ok: false,
      value: { handle, birth, matches },
      lines: [line, `${options.opening} is another birth, or was changed.`],
    };
  const by = (await namesOf(visitor)).get(registrar) ?? short(registrar);
  return {
    value: { handle, birth, matches, registrar },
    lines: [
      line,
      `${options.opening} is what the registrar signed: ${by}; certificate ${opened.terms.content}`,
    ],
  };
}
