import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { it } from 'node:test';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { PEOPLE, peopleIn } from './peopleIn.ts';

// @attack somebody puts a file with keys of people into the folder of a node that is not a demonstration's | the node serves no such file
it('people are read from the folder of a demonstration as they are now, and from no other', async (t) => {
  const path = await scratchFolder();
  t.after(async () => await rm(path, { recursive: true }));
  const files = await openFolder(path);
  const read = peopleIn({ demo: true, files });
  assert.deepEqual(await read?.(), []);
  await writeJsonFile(files, PEOPLE, [{ name: 'doctor' }]);
  assert.deepEqual(await read?.(), [{ name: 'doctor' }]);
  assert.equal(peopleIn({ demo: false, files }), undefined);
});
