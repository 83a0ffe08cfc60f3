import { systemClock } from '../folder/systemClock.ts';
import { holdSeed } from './holdSeed.ts';

/**
 * The process that holds a seed, in the key's folder: it reads the seed from standard input and the time in
 * milliseconds from its one argument, and writes when it will end as soon as it answers questions.
 */
const parts: Buffer[] = [];
for await (const part of process.stdin) parts.push(part as Buffer);
const seed = Buffer.concat(parts);
for (const part of parts) part.fill(0);
const holder = await holdSeed({
  folder: '.',
  seed,
  milliseconds: Number(process.argv[2]),
  clock: systemClock,
  ended: () => process.exit(0),
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => holder.end());
process.stdout.end(`${holder.until()}\n`);
