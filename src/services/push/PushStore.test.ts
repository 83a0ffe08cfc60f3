import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { network } from '../../protocol/test/sampleNetwork.ts';
import type { NotifyAsked } from '../../protocol/AgentPort.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { context, signatory } from '../../protocol/test/sampleNetwork.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { Notify } from '../../protocol/struct/requests.ts';
import { countPushes } from './countPushes.ts';
import { MOST_BROWSERS, PushStore } from './PushStore.ts';

const NOW = 1_800_000_000;
const anna = signatory('anna');

/** Asks that a browser of this number is told, or with `until` 0 no longer. */
function asked(browser: number, change: Partial<Notify> = {}, by = anna): NotifyAsked {
  const address = `https://push.example/${browser}`;
  const request = sign(context, by, 'Notify', {
    endpoint: bytesToHex(context.primitives.sha256(utf8ToBytes(address))),
    until: NOW + 3600,
    deadline: NOW + 300,
    salt: `0x${'00'.repeat(16)}`,
    ...change,
  });
  return { request, ...(change.until !== 0 && { endpoint: address }) };
}

async function toldBy(store: PushStore, at = NOW): Promise<readonly string[]> {
  return (await store.of(anna.address, at)).map(({ endpoint }) => endpoint);
}

describe('the browsers of a party that are told', () => {
  it('are five at most, over which an end and another party do not count', async () => {
    const store = await PushStore.open(new MemoryDatabase());
    for (let browser = 0; browser < MOST_BROWSERS; browser++) await store.keep(asked(browser), NOW);
    await assert.rejects(store.keep(asked(5), NOW), failsWith('QUOTA_SPENT'));
    await store.keep(asked(5, {}, signatory('ben')), NOW);
    await store.keep(asked(0, { until: 0, deadline: NOW + 301 }), NOW);
    await store.keep(asked(5), NOW);
    assert.equal((await toldBy(store)).length, MOST_BROWSERS);
  });

  // @attack somebody who recorded a party’s requests sends them again, so that a browser is told that the party turned off | of two requests about a browser the later one counts, for as long as the earlier one could be sent
  it('are not what an earlier request says that is sent again', async () => {
    const store = await PushStore.open(new MemoryDatabase());
    const begun = asked(1);
    await store.keep(begun, NOW);
    await store.keep(asked(1, { until: 0 }), NOW);
    assert.deepEqual(await toldBy(store), []);
    await store.keep(begun, NOW);
    assert.deepEqual(await toldBy(store), []);
    await store.collect(NOW + 300);
    await store.keep(begun, NOW + 300);
    assert.deepEqual(await toldBy(store), []);
    await store.keep(asked(1, { deadline: NOW + 301 }), NOW);
    assert.equal((await toldBy(store)).length, 1);
  });

  it('end with their time, and go then; an end of what nobody asked for leaves nothing', async () => {
    const database = new MemoryDatabase();
    const store = await PushStore.open(database);
    await store.keep(asked(2, { until: 0 }), NOW);
    assert.deepEqual(await database.keys().all(), []);
    await store.keep(asked(2), NOW);
    assert.equal((await toldBy(store, NOW + 3599)).length, 1);
    assert.equal((await toldBy(store, NOW + 3600)).length, 0);
    await store.collect(NOW + 3599);
    assert.equal((await database.keys().all()).length, 1);
    await store.collect(NOW + 3600);
    assert.deepEqual(await database.keys().all(), []);
  });

  it('are known from a former run; somebody without any is not among those who asked', async () => {
    const database = new MemoryDatabase();
    await (await PushStore.open(database)).keep(asked(1), NOW);
    const store = await PushStore.open(database);
    assert.deepEqual([...store.asked], [anna.address]);
    await store.keep(asked(1, {}, signatory('ben')), NOW);
    assert.ok(store.asked.has(signatory('ben').address));
    assert.ok(!store.asked.has(signatory('cem').address));
  });

  it('do not go with their time if they are asked for again while the store forgets them', async () => {
    const database = new MemoryDatabase();
    const store = await PushStore.open(database);
    const again = asked(1, { until: NOW + 9999, deadline: NOW + 3900 });
    await store.keep(asked(1), NOW);
    const rows = await database.iterator().all();
    Object.assign(database, { iterator: () => rows });
    await store.keep(again, NOW + 3600);
    await store.collect(NOW + 3600);
    assert.equal((await toldBy(store, NOW + 3600)).length, 1);
  });

  it('cannot fill the store with ends: a party has few rows', async () => {
    const store = await PushStore.open(new MemoryDatabase());
    const fill = async (): Promise<void> => {
      for (let browser = 0; browser < 20; browser++) {
        await store.keep(asked(browser), NOW);
        await store.keep(asked(browser, { until: 0 }), NOW);
      }
    };
    await assert.rejects(fill(), failsWith('QUOTA_SPENT'));
  });
});

describe('the examination of browsers that are told', () => {
  it('finds each row that was altered or moved, and no other', async () => {
    const database = new MemoryDatabase();
    const store = await PushStore.open(database);
    await store.keep(asked(1), NOW);
    await store.keep(asked(2), NOW);
    await store.keep(asked(2, { until: 0 }), NOW);
    const examine = async (): Promise<{ readonly intact: number; readonly faults: number }> => {
      const faults: string[] = [];
      const ports = { primitives: context.primitives } as Parameters<
        typeof countPushes
      >[0]['ports'];
      const intact = await countPushes({ network, ports }, database, (what) => faults.push(what));
      return { intact, faults: faults.length };
    };
    assert.deepEqual(await examine(), { intact: 2, faults: 0 });
    for (const [key, text] of await database.iterator().all()) {
      for (const altered of [
        text.replace('push.example', 'push.sample'),
        text.replace(/"until":\d/, '"until":9'),
        text.replace(anna.address, signatory('ben').address),
        ` ${text}`,
      ]) {
        if (altered === text) continue;
        await database.put(key, altered);
        assert.deepEqual(await examine(), { intact: 1, faults: 1 }, altered);
      }
      await database.put(key, text);
      await database.put(`${key.slice(0, -1)}x`, text);
      assert.deepEqual(await examine(), { intact: 2, faults: 1 });
      await database.del(`${key.slice(0, -1)}x`);
    }
  });
});
