import assert from 'node:assert/strict';
import { it } from 'node:test';
import { temporaryFolder } from '../../src/cli/test/runMedseal.ts';
import { openNetwork } from '../../src/node/openNetwork.ts';
import { demoPeople } from './demoPeople.ts';
import { enrolDemoParties } from './demoParties.ts';

it('a demonstration that is started twice goes on with the same people and charts', async (t) => {
  const folder = await temporaryFolder(t);
  const keystore = `${folder}/parties`;
  const network = await openNetwork({ folder, demo: true });
  t.after(async () => await network.close());
  const first = await enrolDemoParties(network, keystore);
  const people = await demoPeople(network.file, keystore);
  for (const { role, handle } of people) assert.equal(handle !== undefined, role === 'patient');
  assert.deepEqual(await enrolDemoParties(network, keystore), first);
  assert.deepEqual(await demoPeople(network.file, keystore), people);
});
