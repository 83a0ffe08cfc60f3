/**
 * Measures what the worst single requests do to everybody else: each is sent to the servers of a node in a process of
 * its own, with honest requests beside it.
 *
 * `node bench/worstRequests.bench.ts [--only PART] [--json]`
 */
import { parseArgs } from 'node:util';
import { measureWorst, type Measured } from '../src/node/test/worst/measureWorst.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean' } } });
const found: Measured[] = [];
for await (const measured of measureWorst(values.only)) {
  found.push(measured);
  if (values.json === true) continue;
  const { name, took, pause, honest } = measured;
  const cells = [took, pause, honest].map((value) => value.toFixed(0).padStart(8));
  process.stdout.write(`${name.padEnd(48)}${cells.join('')}\n`);
}
if (values.json === true) process.stdout.write(`${JSON.stringify(found)}\n`);
