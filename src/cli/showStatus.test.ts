import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { startPeople, type People } from './test/startPeople.ts';

let people: People;

before(async () => {
  people = await startPeople();
});

after(async () => {
  await people.end();
});

interface Printed {
  readonly ok: boolean;
  readonly keys: readonly { readonly name: string }[];
  readonly nodes: readonly { readonly organisation: string; readonly unchecked?: string }[];
  readonly owner: { readonly fault?: string };
}

describe('medseal status while nodes are away', () => {
  it('shows what the device knows, and says of each node that it cannot be reached', async () => {
    const doctor = people.demo('doctor');
    assert.equal((await doctor.run('status')).code, 0);
    const away = ['--url', 'http://127.0.0.1:1'];
    const { code, stdout, stderr } = await doctor.run('status', ...away);
    assert.deepEqual([code, stderr], [3, '']);
    assert.match(stdout, /^Network .*fingerprint of its file 0x/m);
    for (const name of ['hospital', 'laboratory', 'insurer']) {
      assert.match(stdout, new RegExp(`^${name} +http\\S+ +not checked: cannot be reached$`, 'm'));
    }
    assert.match(stdout, /^doctor-2 +doctor +hospital/m);
    assert.match(stdout, /^The network’s facts of doctor cannot be shown: .*PEER_UNREACHABLE/m);
    const json = JSON.parse((await doctor.run('status', ...away, '--json')).stdout) as Printed;
    assert.deepEqual([json.ok, json.owner.fault], [false, 'PEER_UNREACHABLE']);
    assert.ok(json.keys.length > 5 && json.nodes.every(({ unchecked }) => unchecked !== undefined));
  });

  it('shows the others if the address of one is unknown', async () => {
    const { stdout } = await people
      .demo('doctor')
      .run('status', '--url', `hospital=${people.dev.ready.url}/hospital`);
    assert.match(stdout, /^hospital +– .*not checked: .*is the address of hospital alone/m);
    assert.match(stdout, /^laboratory +http\S+ +answers$/m);
  });
});
