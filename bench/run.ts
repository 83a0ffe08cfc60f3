/**
 * Runs all benches in turn, keeps what they measured in `docs/reference/performance/results.json`, and writes
 * `docs/reference/performance.md` with its charts from that. A piece that is run replaces what was known of it, so that a full
 * run can be made piece by piece on a machine that is quiet now and then. The prose of the page is in
 * `bench/performance.md`.
 *
 * `npm run bench -- [NAME …] [--quick] [--runs N] [--write-only]`; a full run takes an hour, a quick one some
 * minutes, which writes nothing unless `--write` says so.
 */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { WorkloadResult } from './support/Workload.ts';
import {
  formatted,
  FOLDER,
  git,
  PAGE,
  readResults,
  RESULTS,
  writePage,
} from './support/pageFiles.ts';
import type { Measured } from './support/performancePage.ts';
import { pieces } from './support/pieces.ts';
import { readOptions } from '../src/node/test/readOptions.ts';

const names = pieces.map(({ name }) => name);
const { values, positionals } = readOptions({
  usage: 'npm run bench -- [--quick] [--runs N] [--write] [--write-only] [NAME …]',
  about: `Measures every rate that docs/reference/performance.md states, each in a process of its own. --write states them there;
--write-only states again what was measured before.`,
  options: {
    quick: { type: 'boolean', default: false },
    runs: { type: 'string' },
    write: { type: 'boolean', default: false },
    'write-only': { type: 'boolean', default: false },
  },
  takes: new RegExp(`^(?:${names.join('|')})$`),
});
const here = import.meta.dirname;
const mode = values.quick ? 'quick' : 'full';
const times = Number(values.runs ?? (values.quick ? 1 : 3));
const run = promisify(execFile);

/** Returns the last line that a bench printed: a line of JSON. */
async function print(args: readonly string[]): Promise<unknown> {
  const [file = '', ...rest] = args;
  const { stdout } = await run(process.execPath, [join(here, file), ...rest, '--json'], {
    maxBuffer: 64 * 2 ** 20,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

async function measure(piece: (typeof pieces)[number]): Promise<Measured> {
  const programs = values.quick ? piece.quick : (piece.full ?? piece.quick);
  const before = loadavg()[0] ?? 0;
  const runs: WorkloadResult[] = [];
  for (let time = 0; time < times; time++) {
    const found: WorkloadResult[] = [];
    for (const args of programs) found.push(piece.read((await print(args)) as never, args));
    runs.push({
      readings: found.flatMap(({ readings = [] }) => readings),
      points: found.flatMap(({ points = [] }) => points),
      notes: found.flatMap(({ notes = [] }) => notes),
    });
  }
  return {
    machine: `${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`,
    commit: await git('rev-parse', '--short=8', 'HEAD'),
    day: new Date().toISOString().slice(0, 10),
    load: [before, loadavg()[0] ?? 0],
    mode,
    runs,
  };
}

let measured = await readResults();
for (const piece of values['write-only'] ? [] : pieces) {
  if (positionals.length > 0 && !positionals.includes(piece.name)) continue;
  process.stderr.write(`${piece.name} …\n`);
  const found = await measure(piece);
  measured = { ...measured, [piece.name]: found };
  console.dir(found, { depth: 5 });
  if (mode === 'full' || values.write) await write();
}
if (values['write-only']) await write();

async function write(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  const { page, charts } = await writePage(measured, await git('rev-parse', '--short=8', 'HEAD'));
  await writeFile(RESULTS, await formatted(RESULTS, JSON.stringify(measured)));
  await writeFile(PAGE, page);
  for (const [name, chart] of charts) await writeFile(join(FOLDER, name), chart);
}
