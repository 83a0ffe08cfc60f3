import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { runMedseal } from './test/runMedseal.ts';
import { startPeople, type People } from './test/startPeople.ts';

let people: People;

before(async () => {
  people = await startPeople();
});

after(async () => {
  await people.end();
});

/** Nobody listens there. */
const AWAY = ['--rpc', 'http://127.0.0.1:1', '--json'];

describe('a ledger that was named and cannot be asked', () => {
  for (const args of [['audit'], ['verify', 'chain'], ['verify', 'log'], ['verify', 'network']]) {
    it(`is told as not checked by medseal ${args.join(' ')}, which finds all else`, async () => {
      const isOwn = args.includes('audit') || args.includes('chain');
      const device = ['--home', people.network, ...(isOwn ? ['--as', 'patient'] : [])];
      const { code, stdout, stderr } = await runMedseal(...args, ...device, ...AWAY);
      assert.deepEqual([code, stderr], [3, '']);
      const { findings = [], faults = [], unchecked } = JSON.parse(stdout) as Printed;
      assert.match(unchecked.join('\n'), /^(?:the )?ledger: The ledger cannot be reached\.$/m);
      assert.ok(findings.every(({ safe }) => safe));
      assert.deepEqual([faults, findings.length > 0], [[], !args.includes('audit')]);
    });
  }
});

interface Printed {
  readonly findings?: readonly { readonly safe: boolean }[];
  readonly faults?: readonly string[];
  readonly unchecked: readonly string[];
}
