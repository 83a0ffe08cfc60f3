import { existsSync } from 'node:fs';
import { confirmBirth } from '../../client/vital/confirmBirth.ts';
import { permitBirthLink } from '../../client/vital/permitBirthLink.ts';
import { readLife } from '../../client/vital/readLife.ts';
import { registerBirth } from '../../client/vital/registerBirth.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { RecordId } from '../../protocol/ids.ts';
import { messageShape, signedShape } from '../../protocol/shapes/messageShape.ts';
import { digestOf } from '../../protocol/signing.ts';
import type { Birth } from '../../protocol/vitalRecords.ts';
import { findContact, findPatient, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { vitalInWords } from './describeLife.ts';
import { hashOfFile, readOpening, writeOpening } from './openings.ts';
import type { BIRTH_PERMITTED, BIRTH_REGISTERED, BIRTH_SHOWN } from './vitalAnswers.ts';

const PERMISSION = signedShape('BirthLink');
/** The file that opens a birth. */
const OPENING = { birth: messageShape('Birth'), 'link?': PERMISSION } as const;

/** Options of `medseal birth register`. */
export interface RegisterOptions extends VisitorOptions {
  readonly certificate: string;
  readonly record?: RecordId;
  readonly mother?: string;
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
  const { certificate, record, mother, out } = options;
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  const { handle, name } = await findPatient(visitor, child);
  const content = await hashOfFile(visitor, certificate);
  const told = out === undefined ? {} : { file: out };
  const { birth } = await readLife(party, handle);
  if (birth !== undefined && out !== undefined && existsSync(out)) {
    const { birth: kept } = await readOpening(out, OPENING, 'birth');
    if (digestOf(party, 'Birth', kept) === birth && kept.terms.content === content)
      return {
        value: { handle, birth, already: true, ...told },
        lines: [`The birth of ${name} is registered already: ${short(birth)}`],
      };
  }
  const link = mother && (await readOpening(mother, PERMISSION, 'permission of a mother'));
  const names = await namesOf(visitor);
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  the birth of ${name} (${short(handle)}), with the certificate ${certificate}`,
    ...(link
      ? [
          `  born to ${names.get(link.message.handle) ?? short(link.message.handle)}, who permits that`,
        ]
      : []),
    '',
    'The ledger tells that this birth was registered, when and by whom, and nothing of the certificate.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const keep = async (signed: Birth): Promise<void> => {
    if (out !== undefined) await writeOpening(out, { birth: signed, ...(link && { link }) });
  };
  const placed = await registerBirth(party, {
    handle,
    content,
    keep,
    ...(record && { record }),
    ...(link && { link }),
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
  const opened = await readOpening(options.opening, OPENING, 'birth');
  const { registrar, handle: of, terms } = opened.birth;
  if (of !== handle || digestOf(visitor.party, 'Birth', opened.birth) !== birth)
    return {
      ok: false,
      value: { handle, birth, matches: false },
      lines: [line, `${options.opening} is another birth, or was changed.`],
    };
  const mother = await confirmBirth(visitor.party, opened);
  const names = await namesOf(visitor);
  const nameOf = (word: string): string => names.get(word) ?? short(word);
  return {
    value: { handle, birth, matches: true, registrar, ...(mother && { mother }) },
    lines: [
      line,
      `${options.opening} is what the registrar signed: ${nameOf(registrar)}; certificate ${terms.content}`,
      ...(mother ? [`The mother is ${nameOf(mother)}, who permitted to be named.`] : []),
    ],
  };
}

/**
 * Signs the visitor's permission to be named as the mother in a birth.
 *
 * @param terminal - Shows what is signed and asks.
 * @param child - The child.
 * @param options - See `medseal birth permit --help`.
 * @throws MedsealError what `permitBirthLink` throws.
 */
export async function permitVerb(
  terminal: Terminal,
  child: string,
  options: VisitorOptions & {
    readonly registrar: string;
    readonly for: number;
    readonly out: string;
  },
): Promise<AnswerOf<typeof BIRTH_PERMITTED>> {
  const { out, for: within } = options;
  const visitor = await openVisitor(terminal, options);
  const { party, key } = visitor;
  await findPatient(visitor, undefined);
  const { handle, name } = await findPatient(visitor, child);
  const { name: called, facts } = await findContact(visitor, options.registrar);
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  ${called} (a ${facts.role} of ${facts.organisation}) may name me as the mother of ${name} (${short(handle)})`,
    '',
    'It serves once, for this child. The ledger does not tell it; whoever is shown the birth sees it.',
  ]);
  const registrar = facts.party;
  const link = await permitBirthLink(party, { child: handle, registrar, within });
  await writeOpening(out, link);
  return {
    value: { handle, registrar, deadline: link.message.deadline, file: out },
    lines: [`It is in ${out}. Hand it to ${called}.`],
  };
}
