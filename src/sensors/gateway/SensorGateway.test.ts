import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { haltAfterFailure } from '../../database/haltAfterFailure.ts';
import { aroundWrites } from '../../database/aroundWrites.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { LONGEST_MESSAGE } from '../../protocol/sensors/ReadingsMessage.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { NOW } from '../../protocol/test/sampleEvidence.ts';
import { primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { ReadingsSpool, SPOOL_LIMITS, type BatchEnd } from '../spool/ReadingsSpool.ts';
import { fakeAuthor, type FakeAuthor, type FakeFaults } from '../test/fakeAuthor.ts';
import type { DeviceRightFound } from './ReadingsAuthor.ts';
import { sampleDevice, sampleHello, sampleMessage } from '../test/sampleDevice.ts';
import { taken } from '../test/taken.ts';
import { SensorGateway } from './SensorGateway.ts';

const watch = sampleDevice('watch');
const bed = sampleDevice('bed');
const rights = () => [watch.right, bed.right];
const source = 'mqtt://127.0.0.1';

/** A gateway of a test, with what it told. */
interface Started {
  readonly gateway: SensorGateway;
  readonly author: FakeAuthor;
  readonly spool: ReadingsSpool;
  readonly ended: Map<Bytes32, BatchEnd>;
  readonly bound: string[];
  /** Devices without a right, as the operator is told of them. */
  readonly waits: string[];
  /** Rights that are over. */
  readonly over: Bytes32[];
  /** Resolves when that many batches ended, or the spool broke. */
  readonly untilEnded: (count: number) => Promise<void>;
  /** Lets all timers ring, by default after ten seconds. */
  readonly ring: (milliseconds?: number) => void;
  now: number;
}

async function start(
  faults: Partial<FakeFaults> = {},
  { database = new MemoryDatabase(), author = fakeAuthor({ rights, ...faults }) } = {},
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
  const over: Bytes32[] = [];
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
      over: ({ digest }) => void over.push(digest),
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
    over,
    now: NOW * 1000,
    async untilEnded(count) {
      while (ended.size < count && !heard.broken) {
        await new Promise<void>((resolve) => {
          heard.run = resolve;
        });
        if (ended.size < count && !heard.broken) started.ring();
      }
    },
    ring(milliseconds = 10_000) {
      started.now += milliseconds;
      const due = [...timers];
      timers.clear();
      for (const run of due) {
        run();
      }
    },
  };
  return started;
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
}

describe('a gateway of sensors', () => {
  it('puts each batch on the log once, however often and in whichever order it comes', async () => {
    const started = await start();
    const { gateway, author, ended, untilEnded } = started;
    await gateway.start();
    const late = sampleMessage(watch, { first: 3 });
    const early = sampleMessage(watch);
    for (const { bytes } of [late, early, late, early]) await taken(gateway, bytes, watch.address);
    await untilEnded(2);
    assert.deepEqual([...author.entered].toSorted(), [early.digest, late.digest].toSorted());
    const { state } = await taken(gateway, early.bytes);
    assert.deepEqual(state, ended.get(early.digest));
    await gateway.stop();
    assert.equal(author.entered.length, 2);
  });

  it('loses and doubles nothing if it is killed at any write, and repeats the same request', async () => {
    const messages = [sampleMessage(watch), sampleMessage(watch, { first: 3 }), sampleMessage(bed)];
    for (let dies = 0, died = true; died; dies++) {
      died = false;
      const disk = new MemoryDatabase();
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
        messages.map(async ({ bytes }) => await taken(first.gateway, bytes)),
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

  it('tells devices that its disk is full, takes nothing more, and loses nothing that it acknowledged', async () => {
    const disk = new MemoryDatabase();
    const author = fakeAuthor({ rights });
    let left = 3;
    aroundWrites(disk, async (write) => {
      if (left-- <= 0) throw Object.assign(new Error('no room'), { code: 'ENOSPC' });
      return await write();
    });
    haltAfterFailure(disk, 'spool');
    const first = await start({}, { database: disk, author });
    await first.gateway.start();
    const messages = Array.from({ length: 12 }, (_, i) => sampleMessage(watch, { first: 3 * i }));
    const acknowledged: Bytes32[] = [];
    const codes = new Set<string>();
    for (const { bytes, digest } of messages) {
      const { state, error } = await first.gateway.take({ bytes });
      if (state !== undefined) acknowledged.push(digest);
      if (error !== undefined) codes.add(`${error.code} ${error.retry}`);
    }
    assert.ok(acknowledged.length > 0 && acknowledged.length < messages.length);
    assert.deepEqual([...codes], ['STORAGE_FULL true', 'OVERLOADED true']);
    await first.untilEnded(messages.length);
    await first.gateway.stop();
    // The operator made room, and started it again.
    const rows = await disk.iterator().all();
    const freed = new MemoryDatabase();
    await freed.batch(rows.map(([key, value]) => ({ type: 'put', key, value })));
    const second = await start({}, { database: freed, author });
    await second.gateway.start();
    for (const { bytes } of messages) await taken(second.gateway, bytes);
    await second.untilEnded(second.spool.waiting.batches);
    await second.gateway.stop();
    for (const digest of acknowledged) assert.ok(author.entered.includes(digest));
    assert.equal(author.entered.length, messages.length);
  });

  for (const [when, turn] of [
    ['the keys turned', new MedsealError('EPOCH_STALE', { epoch: 2 })],
    ['its party went to another node', new MedsealError('LOG_WRONG', {})],
  ] as const)
    it(`sends the same bytes again if the answer was lost, and seals again if ${when}`, async () => {
      let lost = 1;
      let turned = 1;
      const started = await start({
        onAnswer: () =>
          lost-- > 0 ? new MedsealError('PEER_UNREACHABLE', { peer: 'node' }) : undefined,
        onSubmit: () => (lost <= 0 && turned-- > 0 ? turn : undefined),
      });
      const { gateway, author, untilEnded, ring } = started;
      await gateway.start();
      const { bytes, digest } = sampleMessage(watch);
      await taken(gateway, bytes);
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
      await taken(gateway, sampleMessage(watch, { first }).bytes);
    }
    const other = sampleMessage(bed);
    await taken(gateway, other.bytes);
    await untilEnded(1);
    assert.deepEqual([...ended.keys()], [other.digest]);
    assert.deepEqual(author.entered, [other.digest]);
    await gateway.stop();
    assert.equal(started.spool.waiting.batches, 10);
  });

  it('sends what was delayed of one device while another one rested, though no further batch comes', async () => {
    const tried = new Set<Bytes32>();
    const started = await start({
      onSubmit(digest) {
        if (tried.size === tried.add(digest).size) return undefined;
        return new MedsealError('OVERLOADED', {});
      },
    });
    const { gateway, author, ring } = started;
    await gateway.start();
    const [first, second] = [sampleMessage(watch), sampleMessage(bed)];
    await taken(gateway, first.bytes);
    await settle();
    started.now += 4000;
    await taken(gateway, second.bytes);
    await settle();
    assert.equal(tried.size, 2);
    ring(1000);
    await settle();
    assert.deepEqual(author.entered, [first.digest]);
    ring(4000);
    await settle();
    assert.deepEqual(author.entered, [first.digest, second.digest]);
    await gateway.stop();
  });

  it('ends a batch whose right was revoked with the code, and refuses the next one at once', async () => {
    const { gateway, ended, untilEnded } = await start({
      onSubmit: () => new MedsealError('RIGHT_ENDED', {}),
    });
    await gateway.start();
    const { bytes, digest } = sampleMessage(watch);
    await taken(gateway, bytes);
    await untilEnded(1);
    assert.partialDeepStrictEqual(ended.get(digest), { state: 'refused', code: 'RIGHT_ENDED' });
    const next = sampleMessage(watch, { first: 3 });
    await assert.rejects(taken(gateway, next.bytes), failsWith('RIGHT_ENDED'));
    await gateway.stop();
  });

  // @actor a party that may add to a chart | to keep a device's readings waiting for ever
  it('ends a batch whose place another’s record has, and sends the next one of its device', async () => {
    const first = sampleMessage(watch);
    const next = sampleMessage(watch, { first: 3 });
    let tries = 0;
    const { gateway, author, ended, ring } = await start({
      onSubmit(digest) {
        if (digest !== first.digest) return undefined;
        tries += 1;
        return new MedsealError('REQUEST_ALTERED', {});
      },
    });
    await gateway.start();
    await taken(gateway, first.bytes);
    await taken(gateway, next.bytes);
    for (let rings = 0; ended.size < 2 && rings < 200; rings++) {
      ring();
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    }
    await gateway.stop();
    assert.partialDeepStrictEqual(ended.get(first.digest), {
      state: 'refused',
      code: 'REQUEST_ALTERED',
    });
    assert.deepEqual(author.entered, [next.digest]);
    assert.ok(tries > 10 && tries < 100, `${tries} tries in ten minutes`);
  });

  // @attack a node promises a device’s batch, and is lost with its log | the gateway seals the batch again for another node, and waits until that log has ended
  it('enters a batch once that a lost node promised, days after its party went to another, and delays no other', async () => {
    const first = sampleMessage(watch);
    const next = sampleMessage(watch, { first: 3 });
    const database = new MemoryDatabase();
    let [isPromised, tries] = [true, 0];
    const author = fakeAuthor({
      rights,
      onSubmit(digest) {
        if (digest !== first.digest) return undefined;
        tries += 1;
        if (tries === 1) return new MedsealError('LOG_WRONG', {});
        return isPromised ? new MedsealError('REQUEST_ALTERED', {}) : undefined;
      },
    });
    const DAY = 24 * 3_600_000;
    let { now } = await start();
    const run = async (times: number, milliseconds: number): Promise<Map<Bytes32, BatchEnd>> => {
      const started = await start({}, { database, author });
      started.now = now;
      await started.gateway.start();
      if (author.entered.length === 0) {
        for (const { bytes } of [first, next]) await taken(started.gateway, bytes);
      }
      for (let rings = 0; rings < times; rings++) {
        started.ring(milliseconds);
        await settle();
      }
      ({ now } = started);
      await started.gateway.stop();
      return started.ended;
    };
    const ended = await run(40, 1000);
    assert.deepEqual([...ended.keys()], [next.digest]);
    const before = tries;
    assert.deepEqual([...(await run(5, DAY)).keys()], []);
    assert.ok(tries - before <= 6, `${tries - before} tries in five days`);
    isPromised = false;
    assert.deepEqual((await run(3, DAY)).get(first.digest)?.state, 'entered');
    assert.deepEqual(author.entered, [next.digest, first.digest]);
    // The bytes for each of the two nodes.
    assert.ok((author.requests.get(first.digest)?.size ?? 0) >= 2);
  });

  it('learns from its look at the nodes that a right ended, and has them refuse one batch, as evidence', async () => {
    let given: readonly DeviceRightFound[] = rights();
    const started = await start({
      rights: () => given,
      onSubmit: () => new MedsealError('RIGHT_ENDED', {}),
    });
    const { gateway, author, ended, over, untilEnded } = started;
    await gateway.start();
    assert.equal(gateway.rightOf(watch.address)?.digest, watch.right.digest);
    given = [{ ...watch.right, isEnded: true }, bed.right];
    started.ring();
    await new Promise(setImmediate);
    assert.deepEqual(over, [watch.right.digest]);
    assert.equal(gateway.rightOf(watch.address), undefined);
    assert.equal(gateway.stateOf(watch.address, watch.right.digest), 'over');
    assert.equal(gateway.stateOf(bed.address, bed.right.digest), 'stands');
    assert.equal(gateway.stateOf(bed.address, watch.right.digest), undefined);
    const { bytes, digest } = sampleMessage(watch);
    await taken(gateway, bytes);
    const next = sampleMessage(watch, { first: 3 });
    await assert.rejects(taken(gateway, next.bytes), failsWith('RIGHT_ENDED'));
    await untilEnded(1);
    assert.partialDeepStrictEqual(ended.get(digest), { state: 'refused', code: 'RIGHT_ENDED' });
    assert.equal(author.requests.size, 1);
    await assert.rejects(taken(gateway, next.bytes), failsWith('RIGHT_ENDED'));
    assert.deepEqual(over, [watch.right.digest], 'it is told once');
    await gateway.stop();
  });

  it('tells that a right is over when its time is up', async () => {
    const started = await start();
    const { gateway, over } = started;
    await gateway.start();
    started.now = watch.right.grant.terms.until * 1000;
    started.ring();
    await new Promise(setImmediate);
    assert.deepEqual(over, [watch.right.digest, bed.right.digest]);
    assert.equal(gateway.rightOf(watch.address), undefined);
    await gateway.stop();
  });

  for (const [what, change, where] of [
    ['is dated ahead of now', { end: (NOW + 301) * 1000 }, 'end'],
    ['is of 1970', { start: 0 }, 'start'],
  ] as const) {
    // @actor a device with a false clock | to leave no trace at its gateway
    it(`refuses what ${what}, and has nodes refuse one of them, as evidence`, async () => {
      const untimely = new MedsealError('READINGS_UNTIMELY', { what: where });
      const started = await start({ onSubmit: () => untimely });
      const { gateway, author, ended, untilEnded } = started;
      await gateway.start();
      const { bytes: firstBytes, digest } = sampleMessage(watch, change);
      await taken(gateway, firstBytes);
      for (const first of [3, 6]) {
        const { bytes } = sampleMessage(watch, { ...change, first });
        await assert.rejects(
          taken(gateway, bytes),
          failsWith('READINGS_UNTIMELY', { what: where }),
        );
      }
      await untilEnded(1);
      await gateway.stop();
      assert.equal(author.requests.size, 1);
      const { code, message, values } = untimely;
      const refused = { state: 'refused', code, message, values } as const;
      assert.deepEqual(ended.get(digest), refused);
      assert.deepEqual(await started.spool.find(digest), refused, 'also if it is sent again');
    });
  }

  // @actor senders under unknown rights | to hold up devices that have one
  it('takes what comes under a right that it knows while others wait for a look at the nodes', async () => {
    let looks = 0;
    const started = await start({
      rights() {
        looks += 1;
        return rights();
      },
    });
    const { gateway, author, untilEnded } = started;
    await gateway.start();
    const invented = Array.from({ length: 300 }, (_, i) => sampleDevice(`invented ${i}`));
    const waiting = invented.map(async (device) => {
      const unknown = sampleMessage({ ...device, right: { ...device.right, digest: word('x') } });
      return (await gateway.take({ bytes: unknown.bytes })).error?.code;
    });
    const mine = sampleMessage(watch);
    assert.deepEqual((await taken(gateway, mine.bytes)).state, { state: 'stored' });
    await untilEnded(1);
    assert.deepEqual(author.entered, [mine.digest]);
    started.ring();
    const codes = await Promise.all(waiting);
    assert.equal(codes.filter((code) => code === 'RIGHT_MISSING').length, 256);
    assert.equal(codes.filter((code) => code === 'OVERLOADED').length, 44);
    assert.ok(looks <= 3, `${looks} looks`);
    await gateway.stop();
  });

  it('says of no right that it is missing while no node can tell', async () => {
    let isAway = false;
    const author = fakeAuthor({ rights });
    const away: FakeAuthor = {
      ...author,
      async findRights() {
        if (isAway) throw new MedsealError('PEER_UNREACHABLE', { peer: 'node' });
        return await author.findRights();
      },
    };
    const started = await start({}, { author: away });
    const { gateway } = started;
    await gateway.start();
    isAway = true;
    const { bytes } = sampleMessage(watch, { grant: word('a right of today') });
    const taking = gateway.take({ bytes });
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    started.ring();
    const { error, isOwn } = await taking;
    assert.deepEqual([error?.code, error?.retry, isOwn], ['PEER_UNREACHABLE', true, false]);
    await gateway.stop();
  });

  it('refuses what is altered, foreign, too large, or sent under another device’s name', async () => {
    const started = await start();
    const { gateway, author, spool } = started;
    await gateway.start();
    const { bytes } = sampleMessage(watch);
    const altered = utf8ToBytes(
      new TextDecoder().decode(bytes).replace('"value":71', '"value":17'),
    );
    await assert.rejects(taken(gateway, altered), failsWith('READINGS_INVALID', { what: 'root' }));
    const renumbered = utf8ToBytes(
      new TextDecoder().decode(bytes).replace('"first":0', '"first":9'),
    );
    await assert.rejects(taken(gateway, renumbered), failsWith('RIGHT_MISSING'));
    await assert.rejects(
      taken(gateway, bytes, bed.address),
      failsWith('READINGS_INVALID', { what: 'device' }),
    );
    const stranger = { ...sampleDevice('stranger'), right: watch.right };
    await assert.rejects(taken(gateway, sampleMessage(stranger).bytes), failsWith('RIGHT_MISSING'));
    const unknown = sampleMessage(watch, { grant: word('another right') });
    const taking = assert.rejects(taken(gateway, unknown.bytes), failsWith('RIGHT_MISSING'));
    for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate);
    started.ring();
    await taking;
    const large = new Uint8Array(LONGEST_MESSAGE + 1);
    await assert.rejects(taken(gateway, large), failsWith('REQUEST_TOO_LARGE'));
    assert.equal(spool.waiting.batches, 0);
    await gateway.stop();
    assert.deepEqual(author.entered, []);
    await assert.rejects(taken(gateway, bytes), failsWith('OVERLOADED'));
  });

  // @actor a sender at an open broker | to have a device drop a batch of its own
  it('names no batch to a device that did not sign it, which would drop its own', async () => {
    const { gateway } = await start();
    await gateway.start();
    const { address: from, right } = watch;
    const { bytes, digest } = sampleMessage({ ...bed, right });
    assert.equal(digest, sampleMessage(watch).digest);
    const answer = await gateway.take({ bytes, from });
    assert.deepEqual([answer.error?.code, answer.digest], ['READINGS_INVALID', undefined]);
    await gateway.stop();
  });

  it('tells a device its right, whichever of the two comes first, and lists those without', async () => {
    let given = [watch.right];
    const started = await start({ rights: () => given });
    const { gateway, bound } = started;
    await gateway.start();
    assert.equal(
      gateway.announce({ text: sampleHello(watch), source }).right?.digest,
      watch.right.digest,
    );
    for (const _ of [1, 2]) {
      assert.equal(
        gateway.announce({ text: sampleHello(bed), from: bed.address, source }).right,
        undefined,
      );
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
    const forged = sampleHello(watch).replace('Model', 'Modem');
    assert.throws(() => gateway.announce({ text: forged, source }), failsWith('READINGS_INVALID'));
    assert.throws(
      () => gateway.announce({ text: sampleHello(watch), from: bed.address, source }),
      failsWith('READINGS_INVALID'),
    );
    await gateway.stop();
  });
});
