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

describe('a new passphrase', () => {
  it('that is short is refused after it was typed once', async () => {
    const [result, asked] = await typing('short', 'short');
    assert.ok(failsWith('PASSPHRASE_WEAK')(result));
    assert.equal(asked, 1);
  });

  it('that is long is typed twice', async () => {
    assert.deepEqual(await typing('ten letters', 'ten letters'), ['ten letters', 2]);
    const [result] = await typing('ten letters', 'ten lettres');
    assert.ok(failsWith('ARGUMENT_INVALID')(result));
  });
});
