import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { ClassicLevel } from 'classic-level';
import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import { openOwnChart } from './openOwnChart.ts';

/**
 * Erases a category of a patient's own chart, and waits to be killed before any organisation deleted a file: at its row in the
 * vault's index, or, with `bytes`, once that is gone and the bytes are next.
 */

const [folder = '', seed = '', moment = 'row'] = process.argv.slice(2);
let isErasing = false;

if (moment === 'bytes') {
  const remove = fs.rm;
  fs.rm = async (path, options) => {
    if (isErasing && String(path).includes('/sealed/')) await held();
    await remove(path, options);
  };
  syncBuiltinESMExports();
} else {
  const prototype = ClassicLevel.prototype as { batch: (...given: unknown[]) => unknown };
  const { batch } = prototype;
  prototype.batch = function (this: ClassicLevel, ...given: unknown[]) {
    if (isErasing && this.location.endsWith('/vault-index')) return held();
    return Reflect.apply(batch, this, given);
  };
}

const { network, patient, handle } = await openOwnChart(folder, seed);
for (const category of ['imaging', 'imaging', 'laboratory'] as const) {
  const content = patient.random(20_000);
  await addRecord(patient, { handle, category, content, purpose: 'PATRQT' });
}
for (const contributor of network.contributors.values()) {
  await contributor.catchUp();
  await contributor.filesTried();
}
isErasing = true;
process.stdout.write(`erased ${await eraseKeys(patient, 'imaging')}\n`);

async function held(): Promise<never> {
  process.stdout.write('held\n');
  return await new Promise(() => undefined);
}
