import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import type { Acknowledgement, History } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { keepEvidence } from './keepEvidence.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'medseal-evidence-'));
});
after(async () => await rm(folder, { recursive: true }));

/** Two words that begin alike; somebody who chooses salts can find such entries. */
function alike(text: string): readonly [Bytes32, Bytes32] {
  const first = word(text);
  return [first, `${first.slice(0, -2)}${first.endsWith('00') ? '11' : '00'}` as Bytes32];
}

// @attack a log overwrites kept evidence by an entry that begins alike | files are named by whole hashes
it('keeps evidence of entries and roots that begin alike in files of their own', async () => {
  const roots = alike('root');
  for (const [at, entry] of alike('entry').entries()) {
    const acknowledgement = { log: 'care/hospital', entry } as Acknowledgement;
    const history = { checkpoint: { size: 7, root: roots[at] } } as History;
    const later = alike('later').map((each) => ({ ...acknowledgement, entry: each }));
    const files = await keepEvidence(folder, { acknowledgement, history, later });
    assert.equal(new Set(files).size, 4);
  }
  assert.equal((await readdir(folder)).length, 2 + 2 + 2);
});
