import { addRecord } from '../../client/records/addRecord.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { openOwnChart } from './openOwnChart.ts';

/** Adds records to a patient's own chart, and reports each acknowledged one, until the process is killed. */

const [folder = '', seed = ''] = process.argv.slice(2);
const { patient, handle } = await openOwnChart(folder, seed);

async function addForEver(line: number): Promise<never> {
  for (let number = 0; ; number++) {
    const content = utf8ToBytes(`record ${line}.${number}`);
    const version = { handle, category: 'other', content, purpose: 'PATRQT' } as const;
    const { acknowledgement } = await addRecord(patient, version);
    const { index, entry } = acknowledgement;
    process.stdout.write(`${JSON.stringify({ index, entry, text: `record ${line}.${number}` })}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(async (line) => await addForEver(line)));
