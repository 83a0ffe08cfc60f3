import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryLevel } from 'memory-level';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { aroundWrites } from '../../database/aroundWrites.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { LONGEST_MESSAGE } from '../../protocol/sensors/ReadingsMessage.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { NOW } from '../../protocol/test/sampleEvidence.ts';
import { primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { ReadingsSpool, SPOOL_LIMITS, type BatchEnd } from '../spool/ReadingsSpool.ts';
import { fakeAuthor, type FakeAuthor, type FakeFaults } from '../test/fakeAuthor.ts';
import { sampleDevice, sampleMessage } from '../test/sampleDevice.ts';
import { helloDigest } from './DeviceHello.ts';
import { SensorGateway } from './SensorGateway.ts';

const watch = sampleDevice('watch');
const bed = sampleDevice('bed');
const rights = () => [watch.right, bed.right];

/** A gateway of a test, with what it told. */
interface Started {
  readonly gateway: SensorGateway;
  readonly author: FakeAuthor;
  readonly spool: ReadingsSpool;
  readonly ended: Map<Bytes32, BatchEnd>;
  readonly bound: string[];
  /** Devices without a right, as the operator is told of them. */
  readonly waits: string[];
  /** Resolves when that many batches ended, or the spool broke. */
  readonly untilEnded: (count: number) => Promise<void>;
  /** Lets all timers ring. */
  readonly ring: () => void;
  now: number;
}

async function start(
  faults: Partial<FakeFaults> = {},
  { database = new MemoryLevel(), author = fakeAuthor({ rights, ...faults }) } = {},
): Promise<Started> {
  const timers = new Set<() => void>();
  const heard = { run: () => undefined as void, broken: false };
  const clock = {
    now: () => started.now,
    after(_: number, run: () => void) {
      timers.add(run);
      return () => void timers.delete(run);
    },
  };
  const spool = await ReadingsSpool.open(database, clock, { ...SPOOL_LIMITS, perDevice: 50 });
  const ended = new Map<Bytes32, BatchEnd>();
  const bound: string[] = [];
  const waits: string[] = [];
  const gateway = new SensorGateway({
    primitives,
    spool,
    author,
    clock,
    refresh: 10_000,
    events: {
      ended(_, digest, end) {
        ended.set(digest, end);
        heard.run();
      },
      bound: (device) => void bound.push(device),
      unbound: ({ device }) => void waits.push(device),
      delayed: () => heard.run(),
      broken() {
        heard.broken = true;
        heard.run();
      },
    },
  });
  const started: Started = {
    gateway,
    author,
    spool,
    ended,
    bound,
    waits,
    now: NOW * 1000,
    async untilEnded(count) {
      while (ended.size < count && !heard.broken) {
        await new Promise<void>((resolve) => {
          heard.run = resolve;
        });
        if (ended.size < count && !heard.broken) started.ring();
      }
    },
    ring() {
      started.now += 10_000;
      const due = [...timers];
      timers.clear();
      for (const run of due) {
        run();
      }
    },
  };
  return started;
}

describe('a gateway of sensors', () => {
  it('puts each batch on the log once, however often and in whichever order it comes', async () => {
    const started = await start();
    const { gateway, author, ended, untilEnded } = started;
    await gateway.start();
    const late = sampleMessage(watch, { first: 3 });
    const early = sampleMessage(watch);
    for (const { bytes } of [late, early, late, early]) await gateway.take(bytes, watch.address);
    await untilEnded(2);
    assert.deepEqual([...author.entered].toSorted(), [early.digest, late.digest].toSorted());
    const { state } = await gateway.take(early.bytes);
    assert.deepEqual(state, ended.get(early.digest));
    await gateway.stop();
    assert.equal(author.entered.length, 2);
  });

  it('loses and doubles nothing if it is killed at any write, and repeats the same request', async () => {
    const messages = [sampleMessage(watch), sampleMessage(watch, { first: 3 }), sampleMessage(bed)];
    for (let dies = 0, died = true; died; dies++) {
      died = false;
      const disk = new MemoryLevel();
      const author = fakeAuthor({ rights });
      let writes = 0;
      let isFirst = true;
      aroundWrites(disk, async (write) => {
        died ||= writes++ >= dies;
        if (isFirst && died) throw new Error('killed');
        return await write();
      });
      const first = await start({}, { database: disk, author });
      await first.gateway.start();
      const told = await Promise.allSettled(
        messages.map(async ({ bytes }) => await first.gateway.take(bytes)),
      );
      const acknowledged = told.filter(({ status }) => status === 'fulfilled').length;
      if (acknowledged > 0) await first.untilEnded(acknowledged);
      await first.gateway.stop();
      const sent = new Map([...author.requests].map(([digest, all]) => [digest, all.size]));
      isFirst = false;
      const wasDead = died;
      const second = await start({}, { database: disk, author });
      const { batches } = second.spool.waiting;
      await second.gateway.start();
      await second.untilEnded(batches);
      await second.gateway.stop();
      for (const [place, { digest }] of messages.entries()) {
        const was = told[place]?.status === 'fulfilled';
        if (was) assert.ok(author.entered.includes(digest), `lost at write ${dies}`);
        if (sent.has(digest)) assert.equal(author.requests.get(digest)?.size, 1);
      }
      assert.equal(new Set(author.entered).size, author.entered.length);
      died = wasDead;
    }
  });

  it('sends the same bytes again if the answer was lost, and seals again if the keys turned', async () => {
    let lost = 1;
    let turned = 1;
    const started = await start({
      onAnswer: () =>
        lost-- > 0 ? new MedsealError('PEER_UNREACHABLE', { peer: 'node' }) : undefined,
      onSubmit: () =>
        lost <= 0 && turned-- > 0 ? new MedsealError('EPOCH_STALE', { epoch: 2 }) : undefined,
    });
    const { gateway, author, untilEnded, ring } = started;
    await gateway.start();
    const { bytes, digest } = sampleMessage(watch);
    await gateway.take(bytes);
    const ends = untilEnded(1);
    for (let rings = 0; rings < 4; rings++) {
      for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
      ring();
    }
    await ends;
    assert.deepEqual(author.entered, [digest]);
    assert.equal(author.requests.get(digest)?.size, 2);
    await gateway.stop();
  });

  it('is not delayed by a device whose patient has no keys', async () => {
    const started = await start({
      onPrepare: ({ digest }) =>
        digest === watch.right.digest ? new MedsealError('KEY_PENDING', {}) : undefined,
    });
    const { gateway, author, ended, untilEnded } = started;
    await gateway.start();
    for (let first = 0; first < 30; first += 3) {
      await gateway.take(sampleMessage(watch, { first }).bytes);
    }
    const other = sampleMessage(bed);
    await gateway.take(other.bytes);
    await untilEnded(1);
    assert.deepEqual([...ended.keys()], [other.digest]);
    assert.deepEqual(author.entered, [other.digest]);
    await gateway.stop();
    assert.equal(started.spool.waiting.batches, 10);
  });

  it('ends a batch whose right was revoked with the code, and refuses the next one at once', async () => {
    const { gateway, ended, untilEnded } = await start({
      onSubmit: () => new MedsealError('RIGHT_ENDED', {}),
    });
    await gateway.start();
    const { bytes, digest } = sampleMessage(watch);
    await gateway.take(bytes);
    await untilEnded(1);
    assert.deepEqual(ended.get(digest), { state: 'refused', code: 'RIGHT_ENDED' });
    const next = sampleMessage(watch, { first: 3 });
    await assert.rejects(gateway.take(next.bytes), failsWith('RIGHT_ENDED'));
    await gateway.stop();
  });

  it('refuses what is altered, foreign, of another time, too large, or sent under another device’s name', async () => {
    const { gateway, author, spool } = await start();
    await gateway.start();
    const { bytes } = sampleMessage(watch);
    const altered = utf8ToBytes(
      new TextDecoder().decode(bytes).replace('"value":71', '"value":17'),
    );
    await assert.rejects(gateway.take(altered), failsWith('READINGS_INVALID', { what: 'root' }));
    const renumbered = utf8ToBytes(
      new TextDecoder().decode(bytes).replace('"first":0', '"first":9'),
    );
    await assert.rejects(gateway.take(renumbered), failsWith('RIGHT_MISSING'));
    await assert.rejects(
      gateway.take(bytes, bed.address),
      failsWith('READINGS_INVALID', { what: 'device' }),
    );
    const stranger = { ...sampleDevice('stranger'), right: watch.right };
    await assert.rejects(gateway.take(sampleMessage(stranger).bytes), failsWith('RIGHT_MISSING'));
    const unknown = sampleMessage(watch, { grant: word('another right') });
    await assert.rejects(gateway.take(unknown.bytes), failsWith('RIGHT_MISSING'));
    const future = sampleMessage(watch, { end: (NOW + 301) * 1000 });
    await assert.rejects(
      gateway.take(future.bytes),
      failsWith('READINGS_UNTIMELY', { what: 'end' }),
    );
    const old = sampleMessage(watch, { start: 0 });
    await assert.rejects(
      gateway.take(old.bytes),
      failsWith('READINGS_UNTIMELY', { what: 'start' }),
    );
    const large = new Uint8Array(LONGEST_MESSAGE + 1);
    await assert.rejects(gateway.take(large), failsWith('REQUEST_TOO_LARGE'));
    assert.equal(spool.waiting.batches, 0);
    await gateway.stop();
    assert.deepEqual(author.entered, []);
    await assert.rejects(gateway.take(bytes), failsWith('OVERLOADED'));
  });

  it('tells a device its right, whichever of the two comes first, and lists those without', async () => {
    let given = [watch.right];
    const started = await start({ rights: () => given });
    const { gateway, bound } = started;
    await gateway.start();
    assert.equal(gateway.announce(helloOf(watch)).right?.digest, watch.right.digest);
    for (const _ of [1, 2]) {
      assert.equal(gateway.announce(helloOf(bed), bed.address).right, undefined);
    }
    assert.deepEqual(started.waits, [bed.address], 'it is told once');
    assert.deepEqual(
      gateway.unbound.map(({ device }) => device),
      [bed.address],
    );
    given = [watch.right, bed.right];
    started.ring();
    await new Promise(setImmediate);
    assert.deepEqual(bound, [watch.address, bed.address]);
    assert.deepEqual(gateway.unbound, []);
    const forged = helloOf(watch).replace('Model', 'Modem');
    assert.throws(() => gateway.announce(forged), failsWith('READINGS_INVALID'));
    assert.throws(
      () => gateway.announce(helloOf(watch), bed.address),
      failsWith('READINGS_INVALID'),
    );
    await gateway.stop();
  });
});

function helloOf({ address, signingKey }: typeof watch): string {
  const hello = { device: address, model: 'Model 1', serial: '7' };
  const digest = hexToBytes(helloDigest(primitives, hello));
  const signature = bytesToHex(primitives.sign(digest, signingKey));
  return JSON.stringify({ format: 'medseal-hello/1', ...hello, signature });
}
