import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { submissionOf, viewOf } from '../../node/test/requests.ts';
import { startCare, startTestNetwork } from '../../node/test/testNetwork.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const CALL = 1000;
const CALLS = 100;

it('a flood of 100,000 forged requests costs no entry but the summary, and flat memory', async (t) => {
  const network = await startTestNetwork({ seed: 'flood' });
  const care = await startCare(network);
  const flood = Array.from({ length: CALL }, () => {
    const { request } = submissionOf(care, 'View', viewOf(care));
    return { request: { ...request, party: care.patient.address } };
  });
  const agent = network.agent();
  await agent.submit(flood);
  const samples: number[] = [];
  const begun = performance.now();
  for (let call = 1; call < CALLS; call++) {
    await agent.submit(flood);
    samples.push(used());
  }
  const rate = Math.round(((CALLS - 1) * CALL) / ((performance.now() - begun) / 1000));
  const first = samples[9] ?? 0;
  const last = samples.at(-1) ?? 0;
  t.diagnostic(`${rate} refused a second; ${first} bytes after ${10 * CALL}, ${last} in the end`);
  assert.ok(last - first < 8 * 2 ** 20);
  network.clock.advance(60_000);
  for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
  await network.checkpoint();
  assert.equal((await agent.checkpoint('care/hospital')).size, 1);
  const { contributor } = network.services();
  const [entry] = await contributor.read({ log: 'care/hospital', from: 0, to: 1 });
  assert.match(entry?.body ?? '', new RegExp(`"SIGNATURE_INVALID":${CALL * CALLS}`));
  await network.close();
});

/** Bytes that are held, once what is not has gone. */
function used(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
