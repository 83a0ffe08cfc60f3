import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, GROUPS } from './groups.ts';
import { runTogether } from './runTogether.ts';

const ROOT = join(import.meta.dirname, '../..');

// Read by `src/protocol/test/share.ts`: the sweeps of which quick tests try a share.
process.env['WHOLE'] = '1';
const files = GROUPS.flatMap(filesOf).filter((path) =>
  readFileSync(join(ROOT, path), 'utf8').includes("/test/share.ts'"),
);
if (files.length === 0) throw new Error('no quick test tries a share of a sweep');
await runTogether(files);
