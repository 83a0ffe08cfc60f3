import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleJson } from '../../errors/visibleJson.ts';
import { visibleText } from '../../errors/visibleText.ts';
import { createProgress } from './createProgress.ts';
import { setImmediate as turn } from 'node:timers/promises';
import { shownLines } from './shownLines.ts';
import type { Streams } from './Streams.ts';
import type { OpenTerminal } from './Terminal.ts';

const CTRL_C = 3;

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
): OpenTerminal {
  const { stdin, stdout, stderr, passphrases } = streams;
  let standing: ReturnType<OpenTerminal['standing']> = { changes: false };
  const progress = createProgress(stderr);
  const input = stdin;
  const decoder = new TextDecoder();
  return {
    confirm,
    ask,
    printLines,
    printJson,
    printBytes,
    note,
    progress,
    changing,
    certain: (text) => (standing = { ...standing, certain: text }),
    standing: () => standing,
    input,
    ...(passphrases && { passphrases }),
  };

  async function confirm(lines: readonly string[], asked = 'Sign this?'): Promise<void> {
    progress.hide();
    stderr.write(shownLines(lines, stderr));
    if (yes) return changing();
    if (!stdin.isTTY) {
      const reason = 'there is no terminal to ask on';
      throw new MedsealError('NOT_CONFIRMED', { reason });
    }
    stderr.write('\n');
    const answer = await progress.aside(
      async () => await question(streams, `${visibleText(asked)} [y/N] `),
    );
    if (!/^y(?:es)?$/i.test(answer.trim())) {
      throw new MedsealError('NOT_CONFIRMED', { reason: 'the answer was no' });
    }
    changing();
  }

  function changing(): void {
    standing = { ...standing, changes: true };
  }

  async function ask(
    what: string,
    { secret = false, otherwise }: { readonly secret?: boolean; readonly otherwise: string },
  ): Promise<string> {
    if (!stdin.isTTY) {
      const reason = `there is no terminal to ask on; ${otherwise}`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: what, reason });
    }
    return await progress.aside(
      async () => await question(streams, `${visibleText(what)}: `, secret),
    );
  }

  async function printLines(
    lines: readonly string[],
    { verbatim = false }: { readonly verbatim?: boolean } = {},
  ): Promise<void> {
    if (!verbatim) return await write(shownLines(lines, stdout));
    await write(`${lines.map((line) => visibleText(line, Infinity)).join('\n')}\n`);
  }

  async function printJson(value: object, indent?: number): Promise<void> {
    await write(`${visibleJson(JSON.stringify(value, null, indent))}\n`);
  }

  async function printBytes(content: Uint8Array): Promise<void> {
    await write(stdout.isTTY ? visibleLines(decoder.decode(content, { stream: true })) : content);
  }

  async function write(content: string | Uint8Array): Promise<void> {
    progress.hide();
    await new Promise<void>((resolve) => {
      stdout.write(content, () => resolve());
    });
  }

  function note(text: string): void {
    progress.hide();
    stderr.write(shownLines([text], stderr));
  }
}

/** Text of several lines, all of it; if a piece of it ends, a line may go on. */
function visibleLines(text: string): string {
  const lines = text.split(/\r?\n/);
  return lines
    .map((line) =>
      line
        .split('\t')
        .map((part) => visibleText(part, Infinity))
        .join('\t'),
    )
    .join('\n');
}

async function question({ stdin, stderr }: Streams, text: string, secret = false): Promise<string> {
  await dropPending(stdin);
  const silent = new Writable({ write: (_text, _encoding, done) => done() });
  const output = secret ? silent : stderr;
  const asked = createInterface({ input: stdin, output, terminal: true });
  // Only now does the terminal show nothing of what is typed, or pasted at once.
  if (secret) stderr.write(text);
  const ended = new Promise<never>((_resolve, reject) => {
    // Ctrl-C and Ctrl-D are not answer.
    for (const event of ['SIGINT', 'close']) {
      asked.once(event, () =>
        reject(new MedsealError('NOT_CONFIRMED', { reason: 'the question was cancelled' })),
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

/**
 * Throws away what was typed before now: whole lines and the beginning of one. A person answers a question that was
 * shown, not one that is to come.
 *
 * @param stdin - A terminal. It is paused afterwards.
 * @throws MedsealError `NOT_CONFIRMED` if the terminal is gone, or Ctrl-C is among it.
 */
async function dropPending(stdin: NodeJS.ReadStream): Promise<void> {
  let [isQuiet, isEnded] = [false, false];
  const drop = (piece: Buffer | string): void => {
    isQuiet = false;
    isEnded ||= Buffer.from(piece).includes(CTRL_C);
  };
  // A terminal keeps a line to itself until it is whole, unless every key counts.
  stdin.setRawMode(true);
  stdin.on('data', drop);
  stdin.resume();
  try {
    // Reading begins within two turns of the event loop; a turn that brings nothing comes after the last of it.
    for (let turns = 0; !isQuiet || turns < 3; turns += 1) {
      isQuiet = true;
      await turn();
    }
  } finally {
    stdin.pause();
    stdin.off('data', drop);
    stdin.setRawMode(false);
  }
  if (isEnded || stdin.readableEnded) {
    throw new MedsealError('NOT_CONFIRMED', { reason: 'the question was cancelled' });
  }
}
