import { readChart, readRecords, rightFor } from '../../src/client/index.ts';
import { openDemoVisitor } from './demoVisitor.ts';

/**
 * Has the doctor of the demonstration read a patient's whole chart by views of several records, as the SDK does.
 *
 * @param url - Address of the node.
 * @returns Number of records that were read.
 */
export async function readTogether(url: string): Promise<number> {
  const { handle = '0x' } = await openDemoVisitor(url, 'patient');
  const { party } = await openDemoVisitor(url, 'doctor');
  const right = await rightFor(party, { handle, action: 'read' });
  if (right === undefined) throw new Error('the doctor has no right');
  const { grant } = right;
  const chart = await readChart(party, { handle, grant, purpose: grant.terms.purpose });
  let count = 0;
  for await (const read of readRecords(party, chart, chart.records)) {
    if ('error' in read) throw read.error;
    count += 1;
  }
  return count;
}
