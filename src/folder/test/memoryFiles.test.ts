import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filesCases } from '../files.cases.ts';
import { memoryFiles } from './memoryFiles.ts';
import { failsWith, inParts, sampleBytes } from '../../vault/vault.cases.ts';

filesCases('in memory', async () => await Promise.resolve(memoryFiles()));

describe('files in memory', () => {
  it('lose a name in a power cut unless its folder was synced', async () => {
    const files = memoryFiles();
    await files.write('a', inParts(sampleBytes(3)));
    await files.syncFolder('');
    await files.write('b', inParts(sampleBytes(3)));
    await files.rename('a', 'c');
    files.losePower();
    assert.deepEqual(await files.list(''), ['a']);
    await files.remove('a');
    files.losePower();
    assert.deepEqual(await files.list(''), ['a']);
  });

  it('lose bytes that were not synced, under a name that was', async () => {
    const files = memoryFiles();
    files.onStep = (step) => {
      if (step === 'sync a') throw new Error('no space');
    };
    await assert.rejects(files.write('a', inParts(sampleBytes(3))), failsWith('FOLDER_UNWRITABLE'));
    await files.syncFolder('');
    assert.equal(await files.size('a'), 3);
    files.losePower();
    assert.equal(await files.size('a'), 0);
  });
});
