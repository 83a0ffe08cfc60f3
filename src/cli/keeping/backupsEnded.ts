import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { noteBackupsEnded, readBackedUp } from '../../backup/backupNotes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { seconds } from '../../protocol/Clock.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { systemClock } from '../../folder/systemClock.ts';
import { describeMoment } from '../describeBody.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { BACKUPS_ENDED_SAID } from './keepingAnswers.ts';
import type { BACKUPS_ENDED_OPTIONS } from './keepingOptions.ts';

/**
 * Notes the operator's word that all backups from before a moment are destroyed, whether the node runs or not: certificates of erasure
 * get their second date by it.
 *
 * @throws MedsealError `NODE_ABSENT`; `ARGUMENT_INVALID` for a moment to come; `NOT_CONFIRMED`.
 */
export async function backupsEnded(
  terminal: Terminal,
  { data: folder, before }: OptionsOf<typeof BACKUPS_ENDED_OPTIONS>,
): Promise<AnswerOf<typeof BACKUPS_ENDED_SAID>> {
  const data = resolve(folder);
  if (!existsSync(data)) throw new MedsealError('NODE_ABSENT', { path: data });
  if (before > seconds(systemClock)) {
    const reason = 'it must not be in the future';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--before', reason });
  }
  const files = await openFolder(data);
  const newest = await readBackedUp(files);
  await terminal.confirm(
    [
      `You are about to state that every backup, copy and snapshot of this node from before ${describeMoment(before)} is destroyed:`,
      'those in other places, those of its stores, databases and machine too.',
      'The node signs this for patients who erased records.',
    ],
    'Is that so?',
  );
  const ended = await noteBackupsEnded(files, systemClock, before);
  return {
    value: { ...ended, ...(newest !== undefined && { newest }) },
    lines: [
      `No backup from before ${describeMoment(ended.before)} is left, as you said on ${describeMoment(ended.at)}.`,
      ...(newest !== undefined && newest < ended.before
        ? [`The newest backup, of ${describeMoment(newest)}, is among them: make another one.`]
        : []),
    ],
  };
}
