import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { reportFailure } from './reportFailure.ts';
import { runProgram } from '../runProgram.ts';

function reported(error: unknown, command?: string, columns?: number): string {
  const streams = captureStreams();
  Object.assign(streams.stderr, columns === undefined ? {} : { isTTY: true, columns });
  reportFailure(error, false, streams, command);
  return streams.err();
}

describe('a failure', () => {
  it('of an option points to the help of its command; of anything else it says what to do', () => {
    const option = new MedsealError('ARGUMENT_INVALID', { argument: '--as', reason: 'none' });
    assert.match(reported(option, 'record add'), /\n {2}See `medseal record add --help`\.\n$/);
    assert.match(reported(option), /\n {2}Correct it, then try again\.\n$/);
    const file = new MedsealError('ARGUMENT_INVALID', { argument: 'a.json', reason: 'empty' });
    assert.match(reported(file, 'record add'), /\n {2}Correct it, then try again\.\n$/);
  });

  it('is told for programs with the same advice', async () => {
    const streams = captureStreams();
    await runProgram(['record', 'get', '0x12', '--json'], streams);
    const { error } = JSON.parse(streams.out().toString()) as { error: { next: string } };
    assert.equal(error.next, 'See `medseal record get --help`.');
  });

  it('is folded on a narrow terminal, as questions are', () => {
    const lines = reported(new MedsealError('RIGHT_ENDED', {}), undefined, 40).split('\n');
    assert.ok(lines.length > 3 && lines.every((line) => line.length <= 40), lines.join('\n'));
  });
});
