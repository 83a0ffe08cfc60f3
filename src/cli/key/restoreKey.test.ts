import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { openTerminal } from '../terminal/openTerminal.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { restoreKey } from './restoreKey.ts';

// @attack somebody looks on while the 24 words are typed | they are not shown
it('asks for the 24 words without showing them', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-words-'));
  const asked: [string, boolean | undefined][] = [];
  const terminal = {
    ...openTerminal(captureStreams(), {}),
    ask: async (question: string, { secret }: { readonly secret?: boolean }) => {
      asked.push([question, secret]);
      return await Promise.resolve('abandon '.repeat(24));
    },
  };
  try {
    const restoring = restoreKey(terminal, 'anna', { home: folder });
    await assert.rejects(restoring, failsWith('PHRASE_INVALID'));
    assert.deepEqual(asked, [['The 24 words', true]]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
