import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NetworkFile } from './NetworkFile.ts';
import { fingerprintOf, parseNetworkFile } from './parseNetworkFile.ts';
import { failsWith } from './test/failsWith.ts';
import { coordinators, network, primitives, word } from './test/sampleNetwork.ts';

const [channel] = network.channels;
if (channel === undefined) throw new Error();
const [log, ...logs] = channel.logs;
if (log === undefined) throw new Error();

const inChannel = (change: object): unknown => ({
  ...network,
  channels: [{ ...channel, ...change }],
});
const inLog = (change: object): unknown => inChannel({ logs: [{ ...log, ...change }, ...logs] });
const parse = (value: unknown): NetworkFile => parseNetworkFile(primitives, value);

describe('parseNetworkFile', () => {
  it('takes a file that agrees with itself', () => {
    assert.deepEqual(parse(structuredClone(network)), network);
  });

  const wrong: [string, unknown, string][] = [
    ['nothing', undefined, 'it is not an object'],
    ['another format', { ...network, format: 'medseal-network/2' }, 'it.format is not of its form'],
    ['a short id', { ...network, networkId: '0x00' }, 'it.networkId is not of its form'],
    ['no contracts', { ...network, contracts: {} }, 'it.contracts has no registry'],
    ['a field that it does not know', { ...network, also: 1 }, 'it has an unknown field'],
    ['no channel', { ...network, channels: [] }, 'it names no log'],
    [
      'no threshold',
      inChannel({ threshold: 0 }),
      'channel care has a threshold that its organisations can not meet',
    ],
    [
      'a threshold that nobody meets',
      inChannel({ threshold: 4 }),
      'channel care has a threshold that its organisations can not meet',
    ],
    [
      'a threshold of a minority',
      inChannel({ threshold: 1 }),
      'in channel care two groups of coordinators could disagree',
    ],
    [
      'a coordinator twice',
      inChannel({ coordinators: [...channel.coordinators, ...channel.coordinators] }),
      'channel care has a key twice',
    ],
    [
      'one organisation under several keys',
      inChannel({
        coordinators: coordinators.map(({ address }) => ({ address, organisation: 'hospital' })),
      }),
      'channel care has a threshold that its organisations can not meet',
    ],
    [
      'a log of another channel',
      inLog({ name: 'lab/hospital' }),
      'log lab/hospital has a foreign name',
    ],
    ['a log twice', inChannel({ logs: [log, log] }), 'a log is there twice'],
    [
      'the id of another log',
      inLog({ id: word('x') }),
      'log care/hospital has the id of another origin',
    ],
    [
      'the key of another log',
      inLog({ key: logs[0]?.key }),
      'log care/hospital has the key of another origin',
    ],
    [
      'a key that is none',
      inLog({ key: 'x+y' }),
      'log care/hospital has the key of another origin',
    ],
    [
      'an authority that can not agree',
      { ...network, authority: { ...network.authority, threshold: 9 } },
      'the authority has a threshold that its organisations can not meet',
    ],
  ];
  for (const [name, value, reason] of wrong) {
    it(`refuses ${name}`, () => {
      assert.throws(() => parse(value), failsWith('NETWORK_FILE_INVALID', { reason }));
    });
  }

  it('gives each file a fingerprint of its own, however it is spelt', () => {
    const print = fingerprintOf(primitives, network);
    assert.equal(
      fingerprintOf(primitives, JSON.parse(JSON.stringify(network, null, 2)) as NetworkFile),
      print,
    );
    assert.notEqual(fingerprintOf(primitives, { ...network, demo: false }), print);
  });
});
