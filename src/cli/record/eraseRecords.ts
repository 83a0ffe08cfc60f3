import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import { hasErasable } from '../../client/epochs/hasErasable.ts';
import { readPatientState } from '../../client/state/PatientState.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { calledAs } from '../program/calledAs.ts';
import { namedCategory } from './namedCategory.ts';
import { forgetTitles } from './knownTitles.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { RECORDS_ERASED } from './recordAnswers.ts';

/**
 * Destroys the keys of all records of a category that are on the patient's chart so far, and has nodes delete their files.
 * Without such records it changes nothing.
 *
 * @throws MedsealError `ARGUMENT_INVALID` for what is not a category; `NOT_FOUND` for who is not a patient; `NOT_CONFIRMED`.
 */
export async function eraseRecords(
  terminal: Terminal,
  named: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof RECORDS_ERASED>> {
  const category = namedCategory(named);
  const { key, party } = await openVisitor(terminal, options);
  const { handle } = await readPatientState(party);
  terminal.progress.stage('looking for records');
  if (!(await hasErasable(party, category))) {
    return {
      value: { handle, category, erased: false, epoch: 0 },
      lines: [
        `There is nothing to erase: your chart has no ${category} record that could still be opened.`,
      ],
    };
  }
  await terminal.confirm(
    [
      `You are about to destroy, as ${key.name}, the keys of all your present ${category} records.`,
      '',
      'Nodes show them to nobody from then on, and every organisation deletes their files.',
      'Nobody can open them again: neither you, not even with your 24 words, nor anyone whom you let read them later.',
      'Anyone who has read them, or has an old copy of this device, may have kept them. Records that are added while',
      'the command runs are lost too; records that are added after it are not.',
    ],
    'Destroy them for good?',
  );
  terminal.progress.stage('replacing the keys');
  await forgetTitles(party, handle);
  const epoch = await eraseKeys(party, category);
  return {
    value: { handle, category, erased: true, epoch },
    lines: [
      `The keys of your ${category} records up to epoch ${epoch} are destroyed.`,
      'The log has your erasure: nodes show these records to nobody, and delete their files.',
      `Next: ${calledAs(`record certificate ${category} --out erased-${category}.json`)}`,
    ],
  };
}
