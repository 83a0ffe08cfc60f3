import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { MedsealError } from '../../errors/MedsealError.ts';
import { createProgress } from './createProgress.ts';
import { fold } from './fold.ts';
import type { Streams } from './Streams.ts';
import type { Terminal } from './Terminal.ts';

/**
 * Opens the terminal that the command runs in. Questions go to standard error, so that standard output holds the
 * answer alone.
 *
 * @param streams - Those of the command.
 * @param options - `yes`: whatever is to be confirmed was confirmed on the command line.
 */
export function openTerminal(
  streams: Streams,
  { yes = false }: { readonly yes?: boolean },
): Terminal {
  const { stdin, stdout, stderr, passphrases } = streams;
  const progress = createProgress(stderr);
  const input = stdin;
  return { confirm, ask, print, note, progress, input, ...(passphrases && { passphrases }) };

  async function confirm(lines: readonly string[], asked = 'Sign this?'): Promise<void> {
    progress.hide();
    stderr.write(`${fold(lines.join('\n'), widthOf(stderr))}\n`);
    if (yes) return;
    if (!stdin.isTTY) {
      const reason = 'nobody sits at a terminal';
      throw new MedsealError('NOT_CONFIRMED', { reason });
    }
    stderr.write('\n');
    const answer = await progress.aside(async () => await question(streams, `${asked} [y/N] `));
    if (!/^y(?:es)?$/i.test(answer.trim())) {
      throw new MedsealError('NOT_CONFIRMED', { reason: 'the answer was no' });
    }
  }

  async function ask(
    what: string,
    { secret = false, otherwise }: { readonly secret?: boolean; readonly otherwise: string },
  ): Promise<string> {
    if (!stdin.isTTY) {
      const reason = `it is asked for on a terminal alone; ${otherwise}`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: what, reason });
    }
    return await progress.aside(async () => await question(streams, `${what}: `, secret));
  }

  async function print(
    content: string | Uint8Array,
    { prose = false }: { readonly prose?: boolean } = {},
  ): Promise<void> {
    progress.hide();
    await new Promise<void>((resolve) => {
      const folds = prose && typeof content === 'string';
      const shown = folds ? fold(content, widthOf(stdout)) : content;
      stdout.write(shown, () => resolve());
    });
  }

  function note(text: string): void {
    progress.hide();
    stderr.write(`${fold(text, widthOf(stderr))}\n`);
  }
}

/** Columns of a terminal; undefined where it is none. */
function widthOf(stream: NodeJS.WriteStream): number | undefined {
  return stream.isTTY ? stream.columns : undefined;
}

async function question({ stdin, stderr }: Streams, text: string, secret = false): Promise<string> {
  const silent = new Writable({ write: (_text, _encoding, done) => done() });
  const output = secret ? silent : stderr;
  const asked = createInterface({ input: stdin, output, terminal: true });
  // Only now does the terminal show nothing of what is typed, or pasted at once.
  if (secret) stderr.write(text);
  const ended = new Promise<never>((_resolve, reject) => {
    // Ctrl-C and Ctrl-D are no answer.
    for (const event of ['SIGINT', 'close']) {
      asked.once(event, () =>
        reject(new MedsealError('NOT_CONFIRMED', { reason: 'it was ended' })),
      );
    }
  });
  try {
    return await Promise.race([asked.question(secret ? '' : text), ended]);
  } finally {
    ended.catch(() => undefined);
    asked.close();
    if (secret) stderr.write('\n');
  }
}
