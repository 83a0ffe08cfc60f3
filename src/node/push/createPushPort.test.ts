import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { PushPort } from '../../services/push/PushPort.ts';
import { createPushPort, isPrivateAddress } from './createPushPort.ts';
import { startPushService, type PushService } from './test/startPushService.ts';

const NOW = 1_800_000_000_000;
let service: PushService;
let port: PushPort;

before(async () => {
  service = await startPushService();
});
after(async () => await service.close());
beforeEach(() => {
  service.answer(201);
  const secret = new Uint8Array(32).fill(7);
  port = createPushPort({ secret, clock: new TestClock(NOW), services: [service.origin] });
});

describe('a push', () => {
  // @actor the push service of a browser’s maker | learns what somebody’s news are, of whom or for whom
  it('carries nothing but who sends it and how it is delivered', async () => {
    const before = service.seen.length;
    assert.equal(await port.push(`${service.origin}/browser`), 'sent');
    const { method, path, bytes, headers } = await service.push(before + 1);
    assert.deepEqual([method, path, bytes], ['POST', '/browser', 0]);
    const { authorization, host: _host, connection: _connection, ...rest } = headers;
    assert.deepEqual(rest, {
      ttl: '86400',
      urgency: 'normal',
      topic: 'news',
      'content-length': '0',
    });
    assert.ok(authorization?.endsWith(`, k=${port.key}`));
  });

  for (const status of [404, 410]) {
    it(`that is answered by ${status} finds nobody there`, async () => {
      service.answer(status);
      assert.equal(await port.push(`${service.origin}/browser`), 'gone');
    });
  }

  // @attack a push service answers by a redirect to an address inside the hospital | no redirect is followed
  it('follows no redirect, and tells of any other answer', async () => {
    const before = service.seen.length;
    service.answer(307, `${service.origin}/elsewhere`);
    await assert.rejects(port.push(`${service.origin}/browser`), /answered 307/);
    service.answer(429);
    await assert.rejects(port.push(`${service.origin}/browser`), /answered 429/);
    assert.equal(service.seen.length, before + 2);
  });

  it('is not sent to a push service that the configuration does not list any more', async () => {
    const before = service.seen.length;
    const none = createPushPort({
      secret: new Uint8Array(32),
      clock: new TestClock(NOW),
      services: [],
    });
    assert.equal(await none.push(`${service.origin}/browser`), 'gone');
    assert.equal(service.seen.length, before);
  });

  // @attack the name of a push service leads to an address of the hospital’s own network | no private address is called
  it('reaches no name that leads to this machine', async () => {
    const services = ['localhost.localdomain', 'localhost'];
    const local = createPushPort({
      secret: new Uint8Array(32),
      clock: new TestClock(NOW),
      services,
    });
    await assert.rejects(local.push('https://localhost/browser'), /no public address/);
  });
});

describe('an address', () => {
  for (const address of [
    '127.0.0.1',
    '10.1.2.3',
    '172.31.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '255.255.255.255',
    '::1',
    '::ffff:10.0.0.1',
    'fe80::1',
    'fd00::1',
    'ff02::1',
  ]) {
    it(`is private: ${address}`, () => assert.ok(isPrivateAddress(address)));
  }
  for (const address of ['142.250.1.1', '172.32.0.1', '2a00:1450:4001::1']) {
    it(`is public: ${address}`, () => assert.ok(!isPrivateAddress(address)));
  }
});
