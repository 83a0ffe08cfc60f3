import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import { runProgram } from '../runProgram.ts';
import { captureStreams } from './captureStreams.ts';
import { requireAnswerShape } from './requireAnswerShape.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

/** A test or a suite, which runs a function at its end. */
export interface Ending {
  after(end: () => unknown): void;
}

/** Exit code and output of a run of the command. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs until it is stopped. */
export interface RunningCommand<Ready> {
  /** The line of JSON that it printed when it was ready. */
  readonly ready: Ready;
  /** Exit code and output, once it ends by itself. */
  readonly ended: Promise<Run>;
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<Run>;
}

/** A network that `medseal dev` runs. */
export type RunningDev = RunningCommand<{
  readonly url: string;
  readonly rpcUrl: string;
  readonly guarded: boolean;
  readonly waits: boolean;
  readonly entries: number;
  readonly seconds: number;
  readonly pid: number;
  readonly parties: readonly { readonly name: string; readonly address: string }[];
}>;

/** Runs the command to its end in this process, if nobody sits before it: a start of its own costs each test a second. */
export async function runMedseal(...args: readonly string[]): Promise<Run> {
  const streams = captureStreams();
  const code = await runProgram(args, streams);
  const stdout = streams.out().toString();
  await requireAnswerShape(args, stdout);
  return { code, stdout, stderr: streams.err() };
}

/** Runs `medseal dev --demo`, with empty charts, on free ports until the test ends. */
export async function startDev(t: Ending, ...args: readonly string[]): Promise<RunningDev> {
  const ports = ['--port', '0', '--rpc-port', '0'];
  return await startUntilReady(t, ['dev', '--demo', '--no-charts', ...ports, '--json', ...args]);
}

/**
 * Starts a command that runs until it is stopped or the test ends, and prints a line of JSON when it is ready.
 * @throws Error with what it said if it ends before.
 */
export async function startUntilReady<Ready>(
  t: Ending,
  args: readonly string[],
): Promise<RunningCommand<Ready>> {
  const child = startMedseal(args);
  t.after(() => child.kill('SIGKILL'));
  const ended = collectRun(child);
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    void ended.then(({ stderr, stdout }) =>
      reject(new Error(`it ended early: ${stderr}${stdout}`)),
    );
  });
  await requireAnswerShape(args, line);
  const ready = JSON.parse(line) as object;
  if ('error' in ready) throw new Error(`it did not start: ${line}`);
  return {
    ready: ready as Ready,
    ended,
    async stop(signal = 'SIGTERM') {
      child.kill(signal);
      return await ended;
    },
  };
}

/** A folder that goes with the test. */
export async function temporaryFolder(t: Ending): Promise<string> {
  const folder = await scratchFolder();
  t.after(async () => {
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Starts the command. */
export function startMedseal(args: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, NO_COLOR: '1' } });
}

/** Collects the exit code and output of a run until it has ended. */
export async function collectRun(child: ChildProcessWithoutNullStreams): Promise<Run> {
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const code = await new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  return { code, stdout, stderr };
}
