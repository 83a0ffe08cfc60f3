#!/usr/bin/env node
import { keepCompiled } from './program/keepCompiled.ts';

// Whatever is loaded before is compiled at each start.
keepCompiled();
const { MedsealError } = await import('../errors/MedsealError.ts');
const { reportFailure } = await import('./program/reportFailure.ts');
const { runProgram } = await import('./runProgram.ts');

process.stdout.on('error', ({ code = '' }: NodeJS.ErrnoException) => {
  // Whoever reads may have read enough, as `head` does.
  if (code === 'EPIPE') process.exit();
  process.exit(
    reportFailure(new MedsealError('OUTPUT_UNWRITABLE', { reason: code }), false, process),
  );
});
// Nobody is left to be told.
process.stderr.on('error', () => process.exit(1));

const { stdin, stdout, stderr } = process;
const streams = { stdin, stdout, stderr, signals: process };
process.exitCode = await runProgram(process.argv.slice(2), streams);
