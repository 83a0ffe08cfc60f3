import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { twoTabs } from '../../../src/client/test/twoTabs.ts';
import type { DeviceStore } from '../../../src/client/index.ts';
import { TestClock } from '../../../src/ledger/test/TestClock.ts';
import { Drafts } from './Drafts.ts';

const NOTE = 'add/0x01';
const DAY = 86_400_000;

interface Tab {
  readonly drafts: Drafts;
  /** Tells whether the person's key is kept. */
  isKept: boolean;
  /** Times that other tabs were told. */
  told: number;
}

function tabAt(device: DeviceStore, time: TestClock): Tab {
  const tab: Tab = {
    isKept: true,
    told: 0,
    drafts: new Drafts({
      device,
      clock: time,
      isKept: async () => await Promise.resolve(tab.isKept),
      tell: () => (tab.told += 1),
    }),
  };
  return tab;
}

function valueIn({ drafts }: Tab, name = NOTE): unknown {
  return drafts.read(name)?.value;
}

/** A tab whose session begins now. */
async function nextSession(device: DeviceStore, time: TestClock): Promise<Tab> {
  const tab = tabAt(device, time);
  await tab.drafts.renew();
  return tab;
}

describe('a draft', () => {
  it('is there at once, and on the device after a pause, once for many keys pressed', async () => {
    const { tabs } = twoTabs();
    const time = new TestClock(DAY);
    const tab = tabAt(tabs[0], time);
    for (const note of ['a', 'ab', 'abc']) tab.drafts.write(NOTE, { note });
    assert.deepEqual(valueIn(tab), { note: 'abc' });
    assert.equal(valueIn(await nextSession(tabs[1], time)), undefined);
    assert.equal(time.pending, 1);
    time.advance(1000);
    assert.deepEqual(valueIn(await nextSession(tabs[1], time)), { note: 'abc' });
  });

  it('is written at the lock, and is then nowhere in memory', async () => {
    const { tabs } = twoTabs();
    const time = new TestClock(DAY);
    const tab = tabAt(tabs[0], time);
    tab.drafts.write(NOTE, { note: 'abc' });
    const ended = tab.drafts.end();
    assert.equal(valueIn(tab), undefined);
    tab.drafts.write(NOTE, { note: 'of nobody' });
    await ended;
    assert.deepEqual(valueIn(await nextSession(tabs[1], time)), { note: 'abc' });
  });

  it('of one form is not that of another', async () => {
    const { tabs } = twoTabs();
    const time = new TestClock(DAY);
    const tab = tabAt(tabs[0], time);
    tab.drafts.write(NOTE, { note: 'abc' });
    await tab.drafts.flush();
    const later = await nextSession(tabs[1], time);
    assert.equal(valueIn(later, 'add/0x02'), undefined);
    assert.deepEqual(valueIn(later), { note: 'abc' });
  });

  // @class a device writes what was typed for a person whose key it does not keep | nothing is written without a kept key
  it('stays in memory alone if the browser does not keep the person’s key', async () => {
    const { tabs, values } = twoTabs();
    const time = new TestClock(DAY);
    const tab = tabAt(tabs[0], time);
    tab.isKept = false;
    tab.drafts.write(NOTE, { note: 'abc' });
    await tab.drafts.flush();
    assert.deepEqual(valueIn(tab), { note: 'abc' });
    assert.equal(tab.drafts.isLasting({ name: NOTE, since: 0, at: 0, value: '' }), false);
    await tab.drafts.end();
    assert.deepEqual([...values], []);
    assert.equal(tab.told, 0);
  });

  it('ends on the device once it is signed, also if the page was locked meanwhile', async () => {
    for (const locks of [false, true]) {
      const { tabs } = twoTabs();
      const time = new TestClock(DAY);
      const tab = tabAt(tabs[0], time);
      tab.drafts.write(NOTE, { note: 'abc' });
      if (locks) await tab.drafts.end();
      await tab.drafts.drop(NOTE);
      assert.equal(valueIn(tab), undefined);
      assert.equal(valueIn(await nextSession(tabs[1], time)), undefined);
      assert.ok(!JSON.stringify(await tabs[1].read('drafts')).includes('abc'));
    }
  });

  // @class another tab brings a signed form's draft back | a later end counts for more than what was typed before it
  it('that was signed in one tab does not come back from the other, whose clock may be set back', async () => {
    const { tabs } = twoTabs();
    const time = new TestClock(DAY);
    const one = tabAt(tabs[0], time);
    one.drafts.write(NOTE, { note: 'abc' });
    await one.drafts.flush();
    const other = await nextSession(tabs[1], time);
    other.drafts.write(NOTE, { note: 'abc and more' });
    time.advance(10);
    await one.drafts.drop(NOTE);
    await other.drafts.flush();
    await other.drafts.renew();
    assert.equal(valueIn(other), undefined);
    await other.drafts.end();
    time.advance(-5000);
    const next = await nextSession(tabs[0], time);
    assert.equal(valueIn(next), undefined);
    next.drafts.write(NOTE, { note: 'a new one' });
    await next.drafts.flush();
    assert.deepEqual(valueIn(await nextSession(tabs[1], time)), { note: 'a new one' });
  });

  it('is that of the tab which wrote last, and the other tab shows it', async () => {
    const { tabs } = twoTabs();
    const time = new TestClock(DAY);
    const [one, other] = tabs.map((device) => tabAt(device, time));
    assert.ok(one && other);
    one.drafts.write(NOTE, { note: 'first' });
    time.advance(1);
    other.drafts.write(NOTE, { note: 'second' });
    await other.drafts.flush();
    await one.drafts.flush();
    await one.drafts.renew();
    assert.deepEqual(valueIn(one), { note: 'second' });
    assert.deepEqual(valueIn(await nextSession(tabs[0], time)), { note: 'second' });
  });

  it('goes for newer ones, for its age, and if it is too long for the device', async () => {
    const { tabs } = twoTabs();
    const time = new TestClock(DAY);
    const tab = tabAt(tabs[0], time);
    for (let count = 0; count < 40; count += 1) tab.drafts.write(`form/${count}`, { note: 'a' });
    tab.drafts.write(NOTE, { note: 'a'.repeat(60_000) });
    await tab.drafts.flush();
    assert.equal(valueIn(tab, 'form/0'), undefined);
    assert.ok(valueIn(tab));
    assert.equal(tab.drafts.isLasting(tab.drafts.read(NOTE) ?? assert.fail()), false);
    const later = await nextSession(tabs[1], time);
    assert.equal(valueIn(later), undefined);
    assert.deepEqual(valueIn(later, 'form/39'), { note: 'a' });
    const rows = (await tabs[1].read('drafts')) as readonly unknown[];
    assert.equal(rows.length, 30);
    time.advance(31 * DAY);
    assert.equal(valueIn(await nextSession(tabs[1], time), 'form/39'), undefined);
    assert.deepEqual(await tabs[1].read('drafts'), []);
  });

  // @class a draft that grows too long for the device takes what was kept of it from the device and from other tabs | the last one that was kept stays
  it('that grew too long leaves the last kept one on the device and in other tabs, and says that it is not kept', async () => {
    const { tabs } = twoTabs();
    const time = new TestClock(DAY);
    const tab = tabAt(tabs[0], time);
    const now = (): Parameters<Drafts['isTooLong']>[0] => tab.drafts.read(NOTE) ?? assert.fail();
    tab.drafts.write(NOTE, { note: 'abc' });
    await tab.drafts.flush();
    assert.deepEqual([tab.drafts.isTooLong(now()), tab.told], [false, 1]);
    const other = await nextSession(tabs[1], time);
    time.advance(10);
    const long = { note: 'a'.repeat(60_000) };
    tab.drafts.write(NOTE, long);
    await tab.drafts.flush();
    assert.deepEqual([tab.drafts.isTooLong(now()), tab.drafts.isLasting(now())], [true, false]);
    assert.equal(tab.told, 1, 'there is nothing to tell other tabs');
    for (const each of [tab, other]) await each.drafts.renew();
    assert.deepEqual([valueIn(tab), valueIn(other)], [long, { note: 'abc' }]);
    await tab.drafts.end();
    assert.deepEqual(valueIn(await nextSession(tabs[0], time)), { note: 'abc' });
    const next = await nextSession(tabs[0], time);
    next.drafts.write(NOTE, { note: 'abcd' });
    await next.drafts.flush();
    await other.drafts.renew();
    assert.deepEqual(valueIn(other), { note: 'abcd' });
  });

  it('stays in memory if the device has no room, and is written with the next change', async () => {
    const { tabs } = twoTabs();
    const time = new TestClock(DAY);
    let isFull = true;
    const full: DeviceStore = {
      ...tabs[0],
      write: async (name, value) => {
        if (isFull) throw new Error('full');
        await tabs[0].write(name, value);
      },
    };
    const tab = tabAt(full, time);
    tab.drafts.write(NOTE, { note: 'abc' });
    await tab.drafts.flush();
    assert.deepEqual(valueIn(tab), { note: 'abc' });
    isFull = false;
    tab.drafts.write('form/2', { note: 'd' });
    await tab.drafts.flush();
    const later = await nextSession(tabs[1], time);
    assert.deepEqual([valueIn(later), valueIn(later, 'form/2')], [{ note: 'abc' }, { note: 'd' }]);
  });

  it('is lost by no number of other forms that are signed after it', async () => {
    const { tabs } = twoTabs();
    const time = new TestClock(DAY);
    const tab = tabAt(tabs[0], time);
    tab.drafts.write(NOTE, { note: 'unsigned' });
    await tab.drafts.flush();
    for (let nth = 0; nth < 40; nth++) {
      tab.drafts.write(`dispense/${nth}`, { note: 'signed' });
      await tab.drafts.drop(`dispense/${nth}`);
    }
    assert.deepEqual(valueIn(tab), { note: 'unsigned' });
    assert.deepEqual(valueIn(await nextSession(tabs[1], time)), { note: 'unsigned' });
  });
});
