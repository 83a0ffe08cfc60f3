import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprintOf } from '../network/fingerprintOf.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { Successor, SuccessorsFile } from '../network/Successor.ts';
import { successorOf } from '../network/successorOf.ts';
import { failsWith } from '../test/failsWith.ts';
import { context, network, primitives, signatory } from '../test/sampleNetwork.ts';
import { signedBy, termsOf, withCoordinator } from '../test/sampleSuccessors.ts';
import { networkOfPin } from './networkOfPin.ts';

const everybody = network.authority.members.map(({ organisation }) => organisation);
const [organisation = ''] = everybody;

/** The file that follows from one by the keys of all, with another coordinator, and what leads to it. */
function after(file: NetworkFile, name: string, from: number): [Successor, NetworkFile] {
  const [channel = assert.fail(), ...others] = file.channels;
  const changed = withCoordinator(channel, organisation, signatory(name));
  const successor = signedBy(
    file,
    { ...termsOf(file, from), channels: [changed, ...others] },
    everybody,
  );
  return [successor, successorOf(primitives, file, successor)];
}

const [toSecond, second] = after(network, 'coordinator of hospital, new', 1000);

function told(first: NetworkFile | undefined, ...successors: readonly Successor[]): SuccessorsFile {
  return { format: 'medseal-successors/1', successors, ...(first && { first }) };
}

function pinOf(file: NetworkFile): { readonly network: `0x${string}` } {
  return { network: fingerprintOf(primitives, file) };
}

function lead(pinned: NetworkFile, given: SuccessorsFile): NetworkFile {
  return networkOfPin(context, pinOf(pinned), given, 5000);
}

function refuses(pinned: NetworkFile, given: SuccessorsFile): void {
  const isOther = failsWith('KEY_UNAUTHENTIC', { what: 'network file' });
  assert.throws(() => lead(pinned, given), isOther);
}

function unasked(): never {
  assert.fail('no signature counts there');
}

describe('the network file of a device that knows its fingerprint', () => {
  it('is the pinned one until a successor is in force', () => {
    assert.deepEqual(networkOfPin(context, pinOf(network), told(network), 5000), network);
    const all = told(network, toSecond);
    assert.deepEqual(networkOfPin(context, pinOf(network), all, 999), network);
    assert.deepEqual(networkOfPin(context, pinOf(network), all, 1000), second);
  });

  it('is found behind the first file, and is not left for one before it', () => {
    const all = told(network, toSecond);
    assert.deepEqual(networkOfPin(context, pinOf(second), all, 999), second);
    assert.deepEqual(networkOfPin(context, pinOf(second), all, 1000), second);
    assert.deepEqual(networkOfPin(context, pinOf(second), told(second, toSecond), 1000), second);
  });

  // @actor a gateway | to lead a device from a network file of its own to what looks like the pinned one
  it('is not there if the pinned one is not among those that the gateway brings', () => {
    refuses(network, told(undefined));
    refuses(network, told(second));
    refuses(second, told(network));
    refuses(network, told({ ...network, demo: !network.demo }));
    const [, other] = after(network, 'coordinator of a gateway', 1000);
    refuses(second, told(other));
  });

  it('is refused with successors that nobody signed, and without channels', () => {
    const forged = { ...toSecond, signatures: [] };
    assert.throws(() => lead(network, told(network, forged)), failsWith('SUCCESSOR_INVALID'));
    const none = { ...network, channels: [] };
    assert.throws(() => lead(none, told(none)), failsWith('NETWORK_FILE_INVALID'));
  });

  // @actor a gateway | to keep a device busy with a chain of files of its own, full of signatures
  it('verifies no signature of what comes before the pinned one', () => {
    const hashing = { primitives: { ...primitives, recover: unasked } };
    const unsigned = { ...toSecond, signatures: [] };
    const found = networkOfPin(hashing, pinOf(second), told(network, unsigned), 5000);
    assert.deepEqual(found, second);
    const another = failsWith('KEY_UNAUTHENTIC', { what: 'network file' });
    const invented = told({ ...network, demo: !network.demo }, toSecond);
    assert.throws(() => networkOfPin(hashing, pinOf(second), invented, 5000), another);
  });
});
