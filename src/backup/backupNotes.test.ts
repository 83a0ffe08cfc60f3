import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { memoryFiles } from '../folder/test/memoryFiles.ts';
import {
  backupsEndedAfter,
  BACKUPS_ENDED,
  noteBackedUp,
  noteBackupsEnded,
  readBackedUp,
} from './backupNotes.ts';
import { writeJsonFile } from '../folder/jsonFiles.ts';

const at = (seconds: number) => ({ now: () => seconds * 1000 });

describe('notes of backups in a folder', () => {
  it('say when the newest backup was made, also after a restart', async () => {
    const files = memoryFiles();
    assert.equal(await readBackedUp(files), undefined);
    await noteBackedUp(files, 100);
    assert.equal(await readBackedUp(files), 100);
  });

  // @attack an operator's word on older backups, or a damaged note, counts for what was destroyed later | a backup may still have it
  it('say that backups are gone only of what was destroyed before the moment of that word', async () => {
    const files = memoryFiles();
    assert.equal(await backupsEndedAfter(files, 50), undefined);
    await noteBackupsEnded(files, at(200), 100);
    assert.deepEqual(
      await Promise.all(
        [99, 100, 101].map(async (moment) => await backupsEndedAfter(files, moment)),
      ),
      [200, undefined, undefined],
    );
    assert.deepEqual(await noteBackupsEnded(files, at(300), 90), { before: 100, at: 200 });
    await writeJsonFile(files, BACKUPS_ENDED, {
      format: 'medseal-backups-ended/9',
      before: 900,
      at: 1,
    });
    assert.equal(await backupsEndedAfter(files, 50), undefined);
  });
});
