import assert from 'node:assert/strict';
import { it } from 'node:test';
import { failsWith } from '../protocol/test/failsWith.ts';
import type { LedgerProvider } from './LedgerProvider.ts';
import { readHead } from './readHead.ts';

const answering = (answer: unknown): LedgerProvider => ({
  request: async () => await Promise.resolve(answer),
});

it('a block whose number or time is malformed moves no clock that rights are judged by', async () => {
  const head = { number: '0x10', timestamp: '0x65a0bc00' };
  assert.deepEqual(await readHead(answering(head)), { number: 16, timestamp: 0x65a0bc00 });
  assert.equal(await readHead(answering(null)), undefined);
  const odd: unknown[] = [
    undefined,
    'x',
    '',
    '0x',
    'NaN',
    '-0x1',
    7,
    {},
    null,
    `0x${'f'.repeat(64)}`,
  ];
  for (const each of odd) {
    for (const altered of [
      { ...head, number: each },
      { ...head, timestamp: each },
    ]) {
      await assert.rejects(readHead(answering(altered)), failsWith('PEER_MALFORMED'));
    }
  }
  const late = { ...head, timestamp: `0x${(2 ** 50).toString(16)}` };
  await assert.rejects(readHead(answering(late)), failsWith('PEER_MALFORMED'));
  for (const answer of [7, 'block', [], { number: '0x1' }]) {
    await assert.rejects(readHead(answering(answer)), failsWith('PEER_MALFORMED'));
  }
});
