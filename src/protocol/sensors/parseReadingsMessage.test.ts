import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { ZERO32 } from '../ids.ts';
import { deviceIdOf } from './deviceIdOf.ts';
import { parseReadingsMessage } from './parseReadingsMessage.ts';
import { readingsDigest, unsealedDigest } from './readingsDigest.ts';
import { recordOfReadings } from './recordOfReadings.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';
import { LONGEST_MESSAGE } from './ReadingsMessage.ts';
import { readingsRoot } from './readingsRoot.ts';

const primitives = portablePrimitives;
const SALT = `0x${'cd'.repeat(16)}` as const;
const LINES = [
  '{"at":1000,"code":149530,"value":71}',
  '{"at":2000,"code":131330,"data":[1,-2,3],"factor":0.005,"period":2.5}',
];
const HEADER: ReadingsHeader = {
  grant: `0x${'11'.repeat(32)}`,
  boot: 2,
  first: 60,
  count: 2,
  clock: 'set',
  start: 1000,
  end: 3000,
  previous: ZERO32,
  root: readingsRoot(primitives, LINES),
  file: ZERO32,
};
const SECRET = hexToBytes(`0x${'42'.repeat(32)}`);

function messageOf(header: ReadingsHeader, lines: readonly string[]): Uint8Array {
  const digest = hexToBytes(readingsDigest(primitives, header));
  const signature = bytesToHex(primitives.sign(digest, SECRET));
  const first = JSON.stringify({ format: 'medseal-readings/1', header, signature });
  return utf8ToBytes([first, ...lines, ''].join('\n'));
}

function refused(what: string, header: ReadingsHeader, lines: readonly string[]): void {
  assert.throws(
    () => parseReadingsMessage(primitives, messageOf(header, lines)),
    (error) => isMedsealError(error, 'READINGS_INVALID') && error.values['what'] === what,
  );
}

describe('a message of a device', () => {
  it('is read with the lines of its readings as they were signed', () => {
    const message = parseReadingsMessage(primitives, messageOf(HEADER, LINES));
    assert.deepEqual(message.lines, LINES);
    assert.deepEqual(message.header, HEADER);
  });

  it('has a digest and an id of its device that any language computes', () => {
    assert.equal(
      readingsDigest(primitives, HEADER),
      '0xc5628aa3ac27a23407f13a27f61b0714a59100a7ba7f2893edb93fbcf2014c99',
    );
    assert.equal(
      deviceIdOf(primitives, '0x2222222222222222222222222222222222222222'),
      '0xffcaa8bc3ed449424ae24f770fa6990a07bc187c0d3141ce4c52af245a0d9ec1',
    );
  });

  it('is refused if readings were changed, left out, added or put in another order', () => {
    const [first = '', second = ''] = LINES;
    refused('root', HEADER, [first.replace('71', '72'), second]);
    refused('root', HEADER, [second, first]);
    refused('count', HEADER, [first]);
    refused('count', HEADER, [...LINES, first]);
    refused('count', { ...HEADER, count: 0 }, []);
  });

  // @actor a device | to have a gateway and a reader read two values in one line
  it('is refused if a line is not a reading, or the times run backwards', () => {
    const lines = ['{"at":1000}', ''];
    refused('reading', { ...HEADER, root: readingsRoot(primitives, lines) }, lines);
    refused('end', { ...HEADER, end: 999 }, LINES);
    const twice = ['{"at":1000,"code":149530,"value":71,"value":17}', LINES[1] ?? ''];
    refused('reading', { ...HEADER, root: readingsRoot(primitives, twice) }, twice);
    refused('end', { ...HEADER, end: 8_640_000_000_000_001 }, LINES);
    refused('end', { ...HEADER, clock: 'unset', end: 9e15 }, LINES);
  });

  it('is refused if a reading is of a time outside its batch, which is all that nodes see', () => {
    for (const at of [999, 3001, 8_640_000_000_000_000]) {
      const lines = [`{"at":${at},"code":149530,"value":71}`, LINES[1] ?? ''];
      refused('time of a reading', { ...HEADER, root: readingsRoot(primitives, lines) }, lines);
    }
  });

  it('is refused if it is larger than a message may be, before it is read', () => {
    assert.throws(
      () => parseReadingsMessage(primitives, new Uint8Array(LONGEST_MESSAGE + 1)),
      (error) => isMedsealError(error, 'REQUEST_TOO_LARGE'),
    );
  });

  it('carries readings that the device sealed, if they are the file that it signed', () => {
    const sealed = utf8ToBytes('an age file');
    const header = { ...HEADER, file: bytesToHex(primitives.sha256(sealed)), epoch: 3 };
    const text = Buffer.from(sealed).toString('base64');
    const message = parseReadingsMessage(primitives, messageOf(header, [text]));
    assert.deepEqual(message.sealed, sealed);
    assert.equal(message.lines, undefined);
    refused('file', header, [Buffer.from('another').toString('base64')]);
    refused('sealed readings', header, ['*']);
    refused('sealed readings', header, LINES);
    const { epoch: _epoch, ...without } = header;
    refused('epoch', without, [text]);
    refused('epoch', { ...HEADER, epoch: 3 }, LINES);
    refused('clock', { ...header, clock: 'unset' }, [text]);
    refused('salt', { ...HEADER, salt: SALT }, LINES);
  });

  it('has a record that is known before it is sealed under a release key, and differs with the salt alone', () => {
    const salted = { ...HEADER, salt: SALT };
    const record = recordOfReadings(primitives, salted);
    assert.equal(record, '0xcf331de2b89ba84af688894317ebc1e44f2fe739360822c2da14a7b31291192c');
    const file = `0x${'ab'.repeat(32)}` as const;
    assert.equal(recordOfReadings(primitives, { ...salted, file, epoch: 3 }), record);
    const other = { ...salted, salt: `0x${'ce'.repeat(16)}` as const };
    assert.notEqual(recordOfReadings(primitives, other), record);
    assert.equal(recordOfReadings(primitives, HEADER), readingsDigest(primitives, HEADER));
  });

  it('has another digest for each file and epoch that its device seals it to, and one without', () => {
    const file = `0x${'ab'.repeat(32)}` as const;
    assert.equal(
      readingsDigest(primitives, { ...HEADER, file, epoch: 3 }),
      '0x89c43c885762bd929a3fb15be61d6209c887aee5c7838927d880af4cc2acdb44',
    );
    const sealed = { ...HEADER, file, epoch: 3 };
    const others = [HEADER, sealed, { ...sealed, epoch: 4 }, { ...sealed, salt: SALT }];
    assert.equal(new Set(others.map((each) => readingsDigest(primitives, each))).size, 4);
    for (const each of others) {
      assert.equal(unsealedDigest(primitives, each), readingsDigest(primitives, HEADER));
    }
  });
});
