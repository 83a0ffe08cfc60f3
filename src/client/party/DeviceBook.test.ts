import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'node:test';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { twoTabs } from '../test/twoTabs.ts';
import { DeviceBook, fairly, openLast } from './DeviceBook.ts';
import { memoryDevice } from './memoryDevice.ts';

const shape = { id: 'text', of: 'text', 'open?': 'boolean' } as const;
const rules = { name: 'things', shape, keyOf: ({ id }: { id: string }) => id, most: 4 };
const BOOK = new DeviceBook(rules);

function thing(id: string, of = 'ana', open?: boolean): { id: string; of: string; open?: boolean } {
  return { id, of, ...(open !== undefined && { open }) };
}

function ids(entries: readonly { readonly id: string }[]): string {
  return entries.map(({ id }) => id).join('');
}

describe('a list that a device keeps', () => {
  it('refuses an entry that is not of its shape', async () => {
    const device = memoryDevice();
    const wrong = { id: 1, of: 'ana' } as unknown as ReturnType<typeof thing>;
    await assert.rejects(BOOK.put({ device }, wrong), failsWith('ARGUMENT_INVALID'));
    assert.deepEqual(await BOOK.read({ device }), []);
  });

  it('leaves what another version of the program stored where it is, and does not show it', async () => {
    const device = memoryDevice();
    const foreign = { id: 'a', since: 2031 };
    await device.write('things', [foreign, thing('b')]);
    await BOOK.put({ device }, thing('a'), thing('c'));
    await BOOK.remove({ device }, ['b']);
    assert.equal(ids(await BOOK.read({ device })), 'ac');
    assert.deepEqual(await device.read('things'), [foreign, thing('a'), thing('c')]);
  });

  it('loses nothing that two tabs keep at once, nor what came while another entry went', async () => {
    const { tabs } = twoTabs();
    const [one, other] = tabs.map((device) => ({ device }));
    assert.ok(one && other);
    await BOOK.put(one, thing('a'));
    const known = await BOOK.read(one);
    await Promise.all([
      BOOK.put(one, thing('b')),
      BOOK.put(other, thing('c')),
      BOOK.remove(other, known.map(rules.keyOf)),
      BOOK.merge(other, thing('d'), () => thing('d', 'ben')),
    ]);
    assert.equal(ids((await BOOK.read(one)).toSorted((a, b) => (a.id < b.id ? -1 : 1))), 'bcd');
  });

  it('has one entry for each key, the newest last, and lets the oldest go for room', async () => {
    const device = memoryDevice();
    const gone = await BOOK.put({ device }, thing('a'), thing('b'), thing('c'), thing('a', 'ben'));
    assert.deepEqual([ids(gone), ids(await BOOK.read({ device }))], ['', 'abc']);
    assert.equal(ids(await BOOK.put({ device }, thing('d'), thing('e'))), 'a');
    assert.equal(ids(await BOOK.read({ device })), 'bcde');
  });

  it('keeps what is open, if it says so', async () => {
    const device = memoryDevice();
    const book = new DeviceBook({ ...rules, within: openLast(({ open }) => open === true) });
    await book.put({ device }, ...['a', 'b', 'c'].map((id) => thing(id, 'ana', true)));
    await book.put({ device }, thing('d'), thing('e'));
    assert.equal(ids(await book.read({ device })), 'abce');
  });

  it('lets nobody who sends many take the room of another, if it says so', async () => {
    const device = memoryDevice();
    const book = new DeviceBook({ ...rules, within: fairly(3, ({ of }) => of) });
    await book.put({ device }, thing('a', 'ben'));
    for (const id of 'bcdefg') await book.put({ device }, thing(id));
    assert.equal(ids(await book.read({ device })), 'aefg');
    await book.put({ device }, thing('h', 'cleo'));
    assert.equal(ids(await book.read({ device })), 'afgh');
  });
});

describe('what devices keep', () => {
  // @class a page that knows some entries of a device's list | writes it over what others stored
  it('is changed under the lock by books alone, but for single values that are named here', () => {
    const root = fileURLToPath(new URL('../../../', import.meta.url));
    const sources = ['demo', 'src', 'portal/src'].flatMap((folder) =>
      readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    );
    const locking = sources.filter(
      (path) =>
        /(?<!\.test)\.tsx?$/.test(path) &&
        !path.includes('/test/') &&
        /import \{[^}]*\baloneOn\b/.test(readFileSync(`${root}${path}`, 'utf8')),
    );
    assert.deepEqual(locking.toSorted(), [
      // A device in front of another one: it passes the lock on.
      'portal/src/session/changeKept.ts',
      // Values by name, which no entry of a list can be lost of.
      'portal/src/session/factsKept.ts',
      'portal/src/session/keepOfChart.ts',
      'portal/src/session/shownCards.ts',
      'portal/src/session/visits.ts',
      // The last audit of a chart.
      'src/client/audit/keptAudit.ts',
      'src/client/party/DeviceBook.ts',
      // The newest of one log.
      'src/client/state/acknowledgedHere.ts',
      'src/client/witness/confirmCheckpoint.ts',
    ]);
  });
});
