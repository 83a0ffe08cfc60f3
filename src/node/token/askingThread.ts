/**
 * The thread that asks a token: it starts the helper, gives it the PIN, and ends it if it does not answer. The main thread can so wait
 * for a signature for a bounded time, whatever the module does.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parentPort, workerData } from 'node:worker_threads';
import {
  TOKEN_FAILURES,
  type TokenAnswer,
  type TokenQuestion,
  type TokenThreadData,
} from './tokenMessages.ts';

/** Longest time that making a key may take, milliseconds. */
const MAKING_PATIENCE = 60_000;

interface Helper {
  readonly child: ChildProcessWithoutNullStreams;
  /** Ends of the waits for answers, by the number of the question. */
  readonly waiting: Map<number, () => void>;
  readonly pin: string;
}

const { port, ...settings } = workerData as TokenThreadData & { readonly port: MessagePort };
const count = new Int32Array(settings.answered);
let helper: Helper | undefined;
/** A PIN that the token did not take: it is never given again, for some wrong ones in a row lock a token. */
let refused: { readonly pin: string; readonly reason: string } | undefined;

parentPort?.on('message', (asked: TokenQuestion) => ask(asked));

function ask(asked: TokenQuestion): void {
  const { id } = asked;
  let pin: string;
  try {
    pin = readPin();
  } catch (error) {
    say({ id, code: 'pin', reason: error instanceof Error ? error.message : String(error) });
    return;
  }
  if (refused?.pin === pin) {
    say({ id, code: 'pin', reason: refused.reason });
    return;
  }
  if (helper !== undefined && helper.pin !== pin) end(helper, 'absent', 'its PIN changed');
  helper ??= start(pin);
  const own = helper;
  const patience = asked.do === 'take' ? MAKING_PATIENCE : settings.patience;
  const late = setTimeout(() => end(own, 'silent', 'it did not answer in time'), patience);
  own.waiting.set(id, () => clearTimeout(late));
  own.child.stdin.write(`${JSON.stringify(asked)}\n`);
}

/** Reads the PIN: the first line of its file. */
function readPin(): string {
  if ((statSync(settings.pin).mode & 0o077) !== 0) {
    throw new Error('others on this machine can read the file with the PIN: chmod 600');
  }
  const [line = ''] = readFileSync(settings.pin, 'utf8').split(/\r?\n/, 1);
  return line;
}

function start(pin: string): Helper {
  const { program, module, token } = settings;
  // In a group of its own: after Ctrl-C the node still signs, and the helper ends with its standard input.
  const child = spawn(program, [], { stdio: 'pipe', detached: true });
  const own: Helper = { child, waiting: new Map(), pin };
  let says = 'its helper ended';
  // Of one that ended the end tells.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify({ module, token, pin })}\n`);
  createInterface(child.stdout).on('line', (line) => take(own, line));
  createInterface(child.stderr).on('line', (line) => {
    says = line.slice(0, 200);
  });
  child.once('error', (error: NodeJS.ErrnoException) => {
    const isAbsent = error.code === 'ENOENT';
    end(own, 'absent', isAbsent ? `there is no program ${program}` : error.message);
  });
  child.once('close', () => end(own, 'absent', says));
  return own;
}

/** Passes on an answer of the helper. */
function take(own: Helper, line: string): void {
  let answer: TokenAnswer | undefined;
  try {
    answer = JSON.parse(line) as TokenAnswer;
  } catch {
    // An answer that cannot be read answers nothing: the question ends by its time.
  }
  const given = answer && own.waiting.get(answer.id);
  if (answer === undefined || given === undefined) return;
  given();
  own.waiting.delete(answer.id);
  const { code, reason = '' } = answer;
  const isKnown = code === undefined || TOKEN_FAILURES.includes(code);
  if (code === 'pin') {
    refused = { pin: own.pin, reason };
    say(answer);
    end(own, 'pin', reason);
    return;
  }
  say(isKnown ? answer : { ...answer, code: 'absent' });
}

/** Ends a helper; what waits for it gets this failure. */
function end(own: Helper, code: TokenAnswer['code'], reason: string): void {
  if (helper === own) helper = undefined;
  own.child.kill('SIGKILL');
  for (const [id, given] of own.waiting) {
    given();
    say({ id, ...(code !== undefined && { code }), reason });
  }
  own.waiting.clear();
}

function say(answer: TokenAnswer): void {
  port.postMessage(answer);
  Atomics.add(count, 0, 1);
  Atomics.notify(count, 0);
}
