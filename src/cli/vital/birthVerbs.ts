import { existsSync } from 'node:fs';
import { permitBirthLink } from '../../client/care/vital/permitBirthLink.ts';
import { readBirth } from '../../client/care/vital/readBirth.ts';
import { readLife } from '../../client/care/vital/readLife.ts';
import { registerBirth } from '../../client/care/vital/registerBirth.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { signedShape } from '../../protocol/shapes/messageShape.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { Birth } from '../../protocol/care/vitalRecords.ts';
import { findContact, findPatient, namesOf } from '../contact/findContact.ts';
import { short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import {
  BIRTH_OPENING,
  hashOfFile,
  readOpening,
  writeForAnother,
  writeOpening,
} from './openings.ts';
import type { BIRTH_PERMITTED, BIRTH_SHOWN } from './vitalAnswers.ts';
import { refuse, told, type VitalTold } from './vitalVerbs.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { BIRTH_REGISTER, BIRTH_SHOW, BIRTH_PERMIT } from './vitalOptions.ts';

const PERMISSION = signedShape('BirthLink');

/**
 * Reports the birth of a child that has a handle, which is registered once another organisation confirms it.
 *
 * @throws MedsealError what `registerBirth` throws.
 */
export async function registerVerb(
  terminal: Terminal,
  child: string,
  options: VisitorOptions & OptionsOf<typeof BIRTH_REGISTER>,
): Promise<VitalTold> {
  const { certificate, record, mother, out } = options;
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const { handle, name } = await findPatient(visitor, child);
  const content = await hashOfFile(visitor, certificate);
  const { birth: before } = await readLife(party, handle);
  if (before.report !== undefined && existsSync(out)) {
    const { birth: kept } = await readOpening(out, BIRTH_OPENING, 'birth');
    if (digestOf(party, 'Birth', kept) === before.report && kept.terms.content === content)
      return await told(visitor, 'birth', handle, { already: true, file: out }, before);
  }
  const link = mother && (await readOpening(mother, PERMISSION, 'permission of a mother'));
  const names = await namesOf(visitor);
  await confirmSigning(terminal, visitor, [
    `  the birth of ${name} (${short(handle)}), with the certificate ${certificate}`,
    ...(link
      ? [
          `  born to ${names.get(link.message.handle) ?? short(link.message.handle)}, who permits that`,
        ]
      : []),
    '',
    'It has no effect until a party of another organisation confirms it. The ledger shows when and by whom it was reported,',
    'and nothing of the certificate.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const keep = async (signed: Birth): Promise<void> =>
    await writeOpening(out, { birth: signed, ...(link && { link }) });
  await registerBirth(party, {
    handle,
    content,
    keep,
    ...(record && { record }),
    ...(link && { link }),
  }).catch(refuse);
  const answer = await told(visitor, 'birth', handle, { already: false, file: out });
  const next = `Hand ${out} to whoever confirms it, and keep a copy for the parents: nothing else opens this birth.`;
  return { ...answer, lines: [...answer.lines, next] };
}

/** Shows whether a birth is registered, and checks the file that opens it. */
export async function showBirth(
  terminal: Terminal,
  child: string | undefined,
  options: VisitorOptions & OptionsOf<typeof BIRTH_SHOW>,
): Promise<AnswerOf<typeof BIRTH_SHOWN>> {
  const visitor = await openVisitor(terminal, options);
  const { handle } = await findPatient(visitor, child);
  terminal.progress.stage('asking the coordinators');
  const { birth: facts } = await readLife(visitor.party, handle);
  const { value, lines } = await told(visitor, 'birth', handle, {}, facts);
  const { opening } = options;
  if (opening === undefined) return { value, lines };
  if (facts.report === undefined) throw new MedsealError('NOT_FOUND', { what: 'birth' });
  const opened = await readOpening(opening, BIRTH_OPENING, 'birth');
  if (
    opened.birth.handle !== handle ||
    digestOf(visitor.party, 'Birth', opened.birth) !== facts.report
  )
    return {
      ok: false,
      value: { ...value, matches: false },
      lines: [...lines, `${opening} is another birth, or was changed.`],
    };
  const { namesMother, mother } = await readBirth(visitor.party, opened);
  const names = await namesOf(visitor);
  const named =
    mother === undefined
      ? `It names a mother, but ${opening} does not have her permission: ask for the whole file.`
      : `The mother is ${names.get(mother) ?? short(mother)}, who permitted to be named.`;
  return {
    value: { ...value, matches: true, namesMother, ...(mother && { mother }) },
    lines: [
      ...lines,
      `${opening} is what the registrar signed; certificate ${opened.birth.terms.content}`,
      namesMother ? named : 'It names no mother.',
    ],
  };
}

/**
 * Signs the visitor's permission to be named as the mother in a birth.
 *
 * @throws MedsealError what `permitBirthLink` throws.
 */
export async function permitVerb(
  terminal: Terminal,
  child: string,
  options: VisitorOptions & OptionsOf<typeof BIRTH_PERMIT>,
): Promise<AnswerOf<typeof BIRTH_PERMITTED>> {
  const { out, for: within } = options;
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  await findPatient(visitor, undefined);
  const { handle, name } = await findPatient(visitor, child);
  const { name: called, facts } = await findContact(visitor, options.registrar);
  await confirmSigning(terminal, visitor, [
    `  ${called} (a ${facts.role} of ${facts.organisation}) may name me as the mother of ${name} (${short(handle)})`,
    '',
    'It serves once, for this child. The ledger does not tell it; whoever is shown the birth sees it.',
  ]);
  const registrar = facts.party;
  const link = await permitBirthLink(party, { child: handle, registrar, within });
  await writeForAnother(out, link, PERMISSION);
  return {
    value: { handle, registrar, deadline: link.message.deadline, file: out },
    lines: [`It is in ${out}. Hand it to ${called}.`],
  };
}
