import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { complain } from './complain.ts';

function told(columns?: number): string {
  const streams = captureStreams();
  complain(
    new MedsealError('RIGHT_ENDED', {}),
    Object.assign(streams.stderr, columns === undefined ? {} : { isTTY: true, columns }),
  );
  return streams.err();
}

describe('a failure in the background', () => {
  it('is one line, and is folded on a narrow terminal', () => {
    assert.match(told(), /^medseal: in the background: .* \[RIGHT_ENDED\]\n$/);
    const lines = told(50).trimEnd().split('\n');
    assert.ok(lines.length > 1 && lines.every((line) => line.length <= 50), lines.join('\n'));
  });
});
