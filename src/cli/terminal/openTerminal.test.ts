import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { openTerminal } from './openTerminal.ts';
import type { Streams } from './Streams.ts';
import type { Terminal } from './Terminal.ts';

interface Sitting {
  readonly terminal: Terminal;
  /** Types a line. */
  readonly type: (text: string) => void;
  /** Hangs up. */
  readonly leave: () => void;
  /** What was shown beside the answer. */
  readonly shown: () => string;
  /** The answer. */
  readonly printed: () => string;
}

/** A terminal that somebody sits before. */
function sit(options: { readonly yes?: boolean } = {}): Sitting {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const seen = { out: '', err: '' };
  const setRawMode = (raw: boolean): void => void (seen.err += raw ? '<hidden>' : '<shown>');
  const streams = { stdin: Object.assign(stdin, { isTTY: true, setRawMode }), stdout, stderr };
  stdout.on('data', (part: Buffer) => (seen.out += part.toString()));
  stderr.on('data', (part: Buffer) => (seen.err += part.toString()));
  return {
    terminal: openTerminal(streams as unknown as Streams, options),
    type: (text) => void stdin.write(`${text}\n`),
    leave: () => void stdin.end(),
    shown: () => seen.err,
    printed: () => seen.out,
  };
}

const STATEMENT = ['You are about to sign:', '  something'];

describe('a terminal', () => {
  it('signs at a yes, whatever its case, and at nothing else', async () => {
    for (const answer of ['y', 'Y', 'yes', ' YES ']) {
      const { terminal, type, shown } = sit();
      const asked = terminal.confirm(STATEMENT);
      type(answer);
      await asked;
      assert.match(shown(), /^You are about to sign:\n {2}something\n\n.*Sign this\? \[y\/N\] /s);
    }
    for (const answer of ['', 'n', 'no', 'yess', 'j', '1']) {
      const { terminal, type } = sit();
      const asked = terminal.confirm(STATEMENT);
      type(answer);
      await assert.rejects(asked, failsWith('NOT_CONFIRMED'), answer);
    }
  });

  it('takes no answer from who leaves', async () => {
    const { terminal, leave } = sit();
    const asked = terminal.confirm(STATEMENT);
    leave();
    await assert.rejects(asked, failsWith('NOT_CONFIRMED'));
  });

  it('shows what is signed also where it was confirmed on the command line', async () => {
    const { terminal, shown, printed } = sit({ yes: true });
    await terminal.confirm(STATEMENT);
    assert.equal(shown(), 'You are about to sign:\n  something\n');
    assert.equal(printed(), '');
  });

  it('asks one thing after the other, and shows nothing of a secret', async () => {
    const { terminal, type, shown } = sit();
    const first = terminal.ask('Passphrase', { secret: true, otherwise: 'use a file' });
    type('correct horse');
    assert.equal(await first, 'correct horse');
    const second = terminal.ask('The 24 words', { otherwise: 'use a file' });
    type('abandon ability');
    assert.equal(await second, 'abandon ability');
    assert.match(shown(), /^<hidden>Passphrase: .*<shown>.*The 24 words: /s);
    assert.ok(!shown().includes('horse'));
  });

  it('prints the answer apart from everything else', async () => {
    const { terminal, shown, printed } = sit();
    await terminal.print('the answer\n');
    terminal.note('by the way');
    assert.deepEqual([printed(), shown()], ['the answer\n', 'by the way\n']);
  });
});
