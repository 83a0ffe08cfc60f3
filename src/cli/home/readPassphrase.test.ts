import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { openTerminal } from '../terminal/openTerminal.ts';
import { readNewPassphrase } from './readPassphrase.ts';

async function typing(...texts: readonly string[]): Promise<[string | Error, number]> {
  const left = [...texts];
  const terminal = {
    ...openTerminal(captureStreams(), {}),
    ask: async () => await Promise.resolve(left.shift() ?? ''),
  };
  const result = await readNewPassphrase(terminal, 'anna', {}).catch((error: unknown) => error);
  return [result as string | Error, texts.length - left.length];
}

const WORDS = 'five random words';

describe('a new passphrase', () => {
  it('that is short or easy to guess is refused after it was typed once', async () => {
    for (const weak of ['short', 'password2026']) {
      const [result, asked] = await typing(weak, weak);
      assert.ok(failsWith('PASSPHRASE_WEAK')(result));
      assert.equal(asked, 1);
    }
  });

  it('that is hard to guess is typed twice', async () => {
    assert.deepEqual(await typing(WORDS, WORDS), [WORDS, 2]);
    const [result] = await typing(WORDS, 'five random wrods');
    assert.ok(failsWith('ARGUMENT_INVALID')(result));
  });
});
