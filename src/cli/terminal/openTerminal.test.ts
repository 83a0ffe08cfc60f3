import assert from 'node:assert/strict';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { HOSTILE, OBEYED } from '../../errors/test/hostile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { captureStreams } from '../test/captureStreams.ts';
import { openTerminal } from './openTerminal.ts';
import type { Streams } from './Streams.ts';
import { table } from './table.ts';
import type { OpenTerminal } from './Terminal.ts';

interface Sitting {
  readonly terminal: OpenTerminal;
  /** Types a line, whether or not anything was asked. */
  readonly type: (text: string) => void;
  /** Types it once the question is shown. */
  readonly answer: (question: string, text: string) => Promise<void>;
  /** Hangs up. */
  readonly leave: () => void;
  /** The text that was shown beside the answer. */
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
    async answer(question, text) {
      while (!stripVTControlCharacters(seen.err).endsWith(question)) await once(stderr, 'data');
      stdin.write(`${text}\n`);
    },
    leave: () => void stdin.end(),
    shown: () => seen.err,
    printed: () => seen.out,
  };
}

const STATEMENT = ['You are about to sign:', '  something'];

describe('a terminal', () => {
  it('knows once something may be changed, and what is certain then', async () => {
    const { terminal, answer } = sit();
    assert.deepEqual(terminal.standing(), { changes: false });
    const asked = terminal.confirm(STATEMENT);
    await answer('[y/N] ', 'n');
    await assert.rejects(asked, failsWith('NOT_CONFIRMED', { reason: 'the answer was no' }));
    assert.deepEqual(terminal.standing(), { changes: false });
    const confirmed = sit({ yes: true }).terminal;
    await confirmed.confirm(STATEMENT);
    confirmed.certain('Nothing is on the chart.');
    assert.deepEqual(confirmed.standing(), { changes: true, certain: 'Nothing is on the chart.' });
  });

  it('signs at a yes, whatever its case, and at nothing else', async () => {
    for (const typed of ['y', 'Y', 'yes', ' YES ']) {
      const { terminal, answer, shown } = sit();
      const asked = terminal.confirm(STATEMENT);
      await answer('[y/N] ', typed);
      await asked;
      assert.match(shown(), /^You are about to sign:\n {2}something\n\n.*Sign this\? \[y\/N\] /s);
    }
    for (const typed of ['', 'n', 'no', 'yess', 'j', '1']) {
      const { terminal, answer } = sit();
      const asked = terminal.confirm(STATEMENT);
      const rejected = assert.rejects(asked, failsWith('NOT_CONFIRMED'), typed);
      await answer('[y/N] ', typed);
      await rejected;
    }
  });

  it('takes no answer from who leaves', async () => {
    const { terminal, leave } = sit();
    const asked = terminal.confirm(STATEMENT);
    leave();
    await assert.rejects(asked, failsWith('NOT_CONFIRMED'));
  });

  // @attack a `y` typed ahead signed what was not shown | what was typed before a question is dropped
  it('takes nothing for an answer that was typed before the question was shown', async () => {
    const { terminal, type, answer, shown } = sit();
    type('y\ny');
    const first = terminal.confirm(STATEMENT);
    const rejected = assert.rejects(first, failsWith('NOT_CONFIRMED'));
    await answer('[y/N] ', '');
    await rejected;
    assert.match(shown(), /Sign this/);
    type('long before');
    const second = terminal.ask('Passphrase', { secret: true, otherwise: 'use a file' });
    await answer('Passphrase: ', 'correct horse');
    assert.equal(await second, 'correct horse');
  });

  it('takes one line for an answer, and drops what was pasted behind it', async () => {
    const { terminal, answer } = sit();
    const first = terminal.ask('Name', { otherwise: 'use an option' });
    await answer('Name: ', 'anna\ny\ny');
    assert.equal(await first, 'anna');
    const second = terminal.confirm(STATEMENT);
    const rejected = assert.rejects(second, failsWith('NOT_CONFIRMED'));
    await answer('[y/N] ', 'n');
    await rejected;
  });

  it('is ended by Ctrl-C before a question as behind it', async () => {
    const { terminal, type } = sit();
    type('y\u0003');
    await assert.rejects(terminal.confirm(STATEMENT), failsWith('NOT_CONFIRMED'));
  });

  it('takes no yes from a pipe', async () => {
    const streams = captureStreams('y\n');
    await assert.rejects(openTerminal(streams, {}).confirm(STATEMENT), failsWith('NOT_CONFIRMED'));
    assert.match(streams.err(), /^You are about to sign/);
  });

  // @attack the same text in a question, a table, JSON or a note | the terminal prints nothing as it is
  it('shows what others wrote in one line that drives nothing', async () => {
    const { terminal, shown, printed } = sit({ yes: true });
    await terminal.confirm(['You are about to sign:', `  ${HOSTILE}`, '', `  ${HOSTILE}`]);
    terminal.note(HOSTILE);
    await terminal.printLines(['heading', HOSTILE, ...table(['what'], [[HOSTILE]])]);
    await terminal.printJson({ title: HOSTILE });
    assert.doesNotMatch(shown() + printed(), OBEYED);
    assert.equal(shown().split('\n').length, 6);
    assert.equal(printed().split('\n').length, 6);
    assert.equal((JSON.parse(printed().split('\n')[4] ?? '') as { title: string }).title, HOSTILE);
  });

  it('shows the bytes of a record as text where it is a terminal, and gives them as they are to a program', async () => {
    const bytes = Buffer.from(`one\n\ttwo \u001b[2J \u202e${'é'.repeat(3)}\n`);
    const cut = bytes.length - 3;
    for (const isTTY of [true, false]) {
      const streams = captureStreams();
      Object.assign(streams.stdout, { isTTY });
      const terminal = openTerminal(streams, {});
      // A piece may end within a character.
      await terminal.printBytes(bytes.subarray(0, cut));
      await terminal.printBytes(bytes.subarray(cut));
      const shown = 'one\n\ttwo \\u{1b}[2J \\u{202e}ééé\n';
      assert.equal(streams.out().toString(), isTTY ? shown : bytes.toString());
    }
  });

  it('shows what is signed also if it was confirmed on the command line', async () => {
    const { terminal, shown, printed } = sit({ yes: true });
    await terminal.confirm(STATEMENT);
    assert.equal(shown(), 'You are about to sign:\n  something\n');
    assert.equal(printed(), '');
  });

  it('asks one thing after the other, and shows nothing of a secret', async () => {
    const { terminal, answer, shown } = sit();
    const first = terminal.ask('Passphrase', { secret: true, otherwise: 'use a file' });
    await answer('Passphrase: ', 'correct horse');
    assert.equal(await first, 'correct horse');
    const second = terminal.ask('The 24 words', { otherwise: 'use a file' });
    await answer('The 24 words: ', 'abandon ability');
    assert.equal(await second, 'abandon ability');
    assert.match(shown(), /<hidden>Passphrase: .*<shown>.*The 24 words: /s);
    assert.ok(!shown().includes('horse'));
  });

  it('prints the answer apart from everything else', async () => {
    const { terminal, shown, printed } = sit();
    await terminal.printLines(['the answer']);
    terminal.note('by the way');
    assert.deepEqual([printed(), shown()], ['the answer\n', 'by the way\n']);
  });
});
