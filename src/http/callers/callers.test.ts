import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { networkOf } from './networkOf.ts';
import { TrustedProxies } from './TrustedProxies.ts';

describe('the address that limits are counted by', () => {
  const cases: readonly [string, string | undefined][] = [
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['::FFFF:c000:0201', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['', undefined],
    ['unknown', undefined],
    ['192.0.2.1:80', undefined],
    ['192.0.2.256', undefined],
    ['[::1]', undefined],
    ['1::2::3', undefined],
  ];
  for (const [address, expected] of cases) {
    it(`is ${expected} of ${address || 'nothing'}`, () => {
      assert.equal(networkOf(address), expected);
    });
  }
});

describe('trusted proxies', () => {
  const proxies = new TrustedProxies(['127.0.0.1', '10.1.0.0/16', '2001:db8:ffff::/48', 'rubbish']);

  const cases: readonly [string, string, string | undefined, string][] = [
    ['the connection counts if no proxy is there', '192.0.2.1', undefined, '192.0.2.1'],
    ['nobody else is believed', '192.0.2.1', '192.0.2.9', '192.0.2.1'],
    ['a proxy is', '127.0.0.1', '192.0.2.9', '192.0.2.9'],
    ['one that is written as IPv6 is the same', '::ffff:127.0.0.1', '192.0.2.9', '192.0.2.9'],
    ['the last address counts', '127.0.0.1', '192.0.2.7, 192.0.2.9', '192.0.2.9'],
    ['the last that is not a proxy', '127.0.0.1', '192.0.2.7, 192.0.2.9, 10.1.2.3', '192.0.2.9'],
    ['a claimed proxy changes nothing', '127.0.0.1', '10.1.9.9, 192.0.2.9', '192.0.2.9'],
    ['of IPv6 a network', '2001:db8:ffff::7', '2001:db8:1:2:3::4', '2001:db8:1:2::/64'],
    ['a port is left out', '127.0.0.1', '192.0.2.9:4711', '192.0.2.9'],
    ['and brackets', '127.0.0.1', '[2001:db8:1:2::4]:443', '2001:db8:1:2::/64'],
    ['what is not an address leaves the proxy', '127.0.0.1', '192.0.2.9, unknown', '127.0.0.1'],
    ['as does nothing', '127.0.0.1', undefined, '127.0.0.1'],
    ['and an empty list', '127.0.0.1', ' , ', '127.0.0.1'],
    ['proxies alone leave the first', '127.0.0.1', '10.1.2.4, 10.1.2.3', '10.1.2.4'],
  ];
  for (const [name, remote, forwarded, expected] of cases) {
    it(name, () => {
      assert.equal(proxies.callerOf(remote, forwarded), expected);
    });
  }

  it('must be named to be trusted', () => {
    assert.equal(new TrustedProxies([]).callerOf('127.0.0.1', '192.0.2.9'), '127.0.0.1');
  });
});
