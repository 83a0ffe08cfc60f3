import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { ownIdentities, type OwnIdentity } from '../../client/records/ownIdentities.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findPatient } from '../contact/findContact.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { openChart } from '../record/chart.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { IDENTITIES_EXPORTED } from './keyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { KEY_IDENTITIES } from './keyOptions.ts';

/** Warning in the file, for whoever finds it, and before it is written. */
const WARNING = [
  'Whoever has this file, and sealed files of your records, reads them without a node, and you never learn of it.',
  'No change of your key, no revocation and no erasure stops this file: delete it, and it is over.',
];

/**
 * Writes the identities that are a patient's alone to a file, for any age tool.
 *
 * @throws MedsealError `NOT_FOUND` if the channel has no release key, or the chart no such record; `NOT_CONFIRMED`;
 * `ARGUMENT_INVALID` if the file is there.
 */
export async function exportIdentities(
  terminal: Terminal,
  name: string | undefined,
  options: VisitorOptions & OptionsOf<typeof KEY_IDENTITIES>,
): Promise<AnswerOf<typeof IDENTITIES_EXPORTED>> {
  const { out, category } = options;
  if (existsSync(out)) throw unwritten(out);
  const visitor = await openVisitor(terminal, {
    ...options,
    ...(name !== undefined && { as: name }),
  });
  if (visitor.key.role !== 'patient') {
    const reason = 'this is not the key of a patient';
    throw new MedsealError('ARGUMENT_INVALID', { argument: visitor.key.name, reason });
  }
  const patient = await findPatient(visitor, undefined);
  terminal.progress.stage('asking for the chart');
  const found = ownIdentities(await openChart(visitor, patient, {}), category);
  if (found.length === 0) throw new MedsealError('NOT_FOUND', { what: 'record on the chart' });
  const named = found.map(({ category: of, epoch }) => ({ category: of, epoch }));
  const identities = found.length === 1 ? '1 identity' : `${found.length} identities`;
  await terminal.confirm(
    [
      `You are about to write, as ${visitor.key.name}, ${identities} to ${out}, in the clear:`,
      `they open your ${[...new Set(named.map((each) => each.category))].join(', ')} records, and those that are added before the keys turn next.`,
      '',
      ...WARNING,
    ],
    'Write the file?',
  );
  const text = textOf(visitor.key.name, found);
  await writeFile(out, text, { flag: 'wx', mode: 0o600 }).catch((cause: unknown) => {
    throw unwritten(out, cause);
  });
  return {
    value: { name: visitor.key.name, file: out, identities: named },
    lines: [
      `Written to ${out}, for you alone to read: ${identities}.`,
      ...WARNING,
      `Open a sealed file by: age --decrypt --identity ${out} FILE`,
    ],
  };
}

function unwritten(argument: string, cause?: unknown): MedsealError {
  const reason = 'the file cannot be written, or exists already';
  return new MedsealError('ARGUMENT_INVALID', { argument, reason }, { cause });
}

function textOf(name: string, found: readonly OwnIdentity[]): string {
  const head = [
    `Medseal: identities of ${name} alone, for age 1.3 or newer. In the clear!`,
    ...WARNING,
    'They open the patient’s stanza of this patient’s records, also of those that are added before the keys turn next. They',
    'open nobody else’s records, none of a later epoch, and not the stanza that opens by a release.',
  ];
  const lines = found.flatMap(({ category, epoch, identity }) => [
    `# ${category}, epoch ${epoch}`,
    identity,
  ]);
  return [...head.map((line) => `# ${line}`), ...lines, ''].join('\n');
}
