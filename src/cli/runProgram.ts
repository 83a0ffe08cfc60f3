import { CommanderError } from 'commander';
import { MedsealError } from '../errors/MedsealError.ts';
import { createProgram } from './createProgram.ts';
import { reportFailure } from './program/reportFailure.ts';
import { requireRuntime } from './program/requireRuntime.ts';
import { showHelp } from './program/showHelp.ts';
import { openTerminal } from './terminal/openTerminal.ts';
import { printAnswer } from './terminal/printAnswer.ts';
import type { Streams } from './terminal/Streams.ts';
import type { OpenTerminal } from './terminal/Terminal.ts';
import type { CommandAnswer } from './terminal/Answer.ts';
import { chooseVerb, type Choice } from './program/verb.ts';
import { whileInterruptible } from './program/whileInterruptible.ts';

/**
 * Reads a command line and does what it says. The answer of a verb is printed here: for people as text, with
 * `--json` as one document.
 *
 * @param args - Words typed behind the program's name.
 * @param streams - Streams that it reads and writes.
 * @returns The exit code: 0 done; 1 refused or failed; 2 for a wrong command line; 3 if the same may succeed later. Ctrl-C
 * ends the process with 130.
 */
export async function runProgram(args: readonly string[], streams: Streams): Promise<number> {
  let command: string | undefined;
  try {
    requireRuntime();
    const program = createProgram(streams);
    if (args[0] === 'help') {
      showHelp(program, args.slice(1));
      return 0;
    }
    const choice = await chooseVerb(program, args);
    command = choice?.command;
    return choice === undefined ? 0 : await run(choice, streams);
  } catch (error) {
    const json = args.includes('--json');
    if (!(error instanceof CommanderError)) {
      return reportFailure(error, json, streams, command);
    }
    if (error.exitCode === 0) return 0;
    // People were told already, beside what there is.
    return json ? reportFailure(wrongLine(error), true, streams) : 2;
  }
}

function wrongLine({ message }: CommanderError): MedsealError {
  const reason = message.replace(/^error: /, '').replace(/\.$/, '');
  return new MedsealError('ARGUMENT_INVALID', { argument: 'the command line', reason });
}

async function run(choice: Choice, streams: Streams): Promise<number> {
  const { load, given, runsOn = false } = choice;
  const options = given.at(-1) as { readonly json?: boolean; readonly yes?: boolean };
  const terminal = openTerminal(streams, options);
  try {
    const work = async (): Promise<CommandAnswer | undefined> =>
      await (
        await load()
      )(terminal, ...(given as readonly never[]));
    const certain = (): string => certainOf(choice, terminal.standing());
    const answer = runsOn ? await work() : await whileInterruptible(streams, certain, work);
    terminal.progress.end();
    if (answer === undefined) return 0;
    await printAnswer(terminal, answer, options);
    if (answer.again === true) return 3;
    return answer.ok === false ? 1 : 0;
  } finally {
    terminal.progress.end();
  }
}

/** Says what is certain if a verb is interrupted now. */
function certainOf(
  { asks, interrupted }: Choice,
  { changes, certain }: ReturnType<OpenTerminal['standing']>,
): string {
  if (asks && !changes) return UNCHANGED;
  return certain ?? interrupted ?? UNCHANGED;
}

const UNCHANGED = 'Nothing was changed.';
