import assert from 'node:assert/strict';
import { it } from 'node:test';
import { fingerprintWords } from './fingerprintWords.ts';

it('gives twelve words, which differ with any of the first 132 bits of the fingerprint', () => {
  const zero = `0x${'00'.repeat(32)}` as const;
  const words = fingerprintWords(zero).join(' ');
  assert.equal(words, Array.from({ length: 12 }, () => 'abandon').join(' '));
  const first = fingerprintWords(`0x80${'00'.repeat(31)}`);
  const last = fingerprintWords(`0x${'00'.repeat(16)}10${'00'.repeat(15)}`);
  assert.deepEqual([first.indexOf('abandon'), last.lastIndexOf('abandon')], [1, 10]);
});
