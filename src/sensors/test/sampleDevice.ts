import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { addressOf } from '../../crypto/addressOf.ts';
import { ZERO32, type Address, type Bytes32 } from '../../protocol/ids.ts';
import { deviceIdOf } from '../../protocol/sensors/deviceIdOf.ts';
import { readingsDigest } from '../../protocol/sensors/readingsDigest.ts';
import type { ReadingsHeader } from '../../protocol/sensors/ReadingsHeader.ts';
import { readingsRoot } from '../../protocol/sensors/readingsRoot.ts';
import { signHello } from '../simulate/signHello.ts';
import { NOW } from '../../protocol/test/sampleEvidence.ts';
import { primitives, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import type { DeviceRight } from '../gateway/ReadingsAuthor.ts';

/** A device of a test with its right. */
export interface SampleDevice {
  readonly address: Address;
  readonly signingKey: Uint8Array;
  readonly right: DeviceRight;
}

/** Invents a device and the right that binds it. */
export function sampleDevice(name: string): SampleDevice {
  const { signingKey } = signatory(name);
  const address = addressOf(primitives, primitives.publicKey(signingKey));
  const terms = {
    grantee: signatory('gateway').address,
    categories: ['vitals'],
    record: deviceIdOf(primitives, address),
    read: false,
    add: true,
    amend: false,
    purpose: 'TREAT',
    from: NOW - 3600,
    until: NOW + 3600,
    salt: `0x${'00'.repeat(16)}`,
  } as const;
  const grant = { handle: word('patient'), terms, deadline: NOW + 60 };
  return { address, signingKey, right: { grant, digest: word(`right of ${name}`) } };
}

/** Message of a device: three readings, which end some seconds ago; the header is changed where said. */
export function sampleMessage(
  { signingKey, right }: SampleDevice,
  change: Partial<ReadingsHeader> = {},
): { readonly bytes: Uint8Array; readonly digest: Bytes32 } {
  const lines = ['70', '71', '72'].map(
    (value, at) => `{"at":${(NOW - 10 + at) * 1000},"code":149530,"value":${value}}`,
  );
  const header: ReadingsHeader = {
    grant: right.digest,
    boot: 1,
    first: 0,
    count: lines.length,
    clock: 'set',
    start: (NOW - 10) * 1000,
    end: (NOW - 7) * 1000,
    previous: ZERO32,
    root: readingsRoot(primitives, lines),
    file: ZERO32,
    ...change,
  };
  const digest = readingsDigest(primitives, header);
  const signature = bytesToHex(primitives.sign(hexToBytes(digest), signingKey));
  const first = JSON.stringify({ format: 'medseal-readings/1', header, signature });
  return { digest, bytes: utf8ToBytes([first, ...lines, ''].join('\n')) };
}

/** Announcement of a device. */
export function sampleHello({ address, signingKey }: SampleDevice): string {
  const named = { device: address, model: 'Model 1', serial: '7' };
  return signHello(primitives, signingKey, named);
}
