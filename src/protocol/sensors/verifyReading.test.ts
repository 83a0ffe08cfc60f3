import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { formatEvidenceFile, parseEvidenceFile } from '../evidence/parseEvidenceFile.ts';
import type { Body } from '../evidence/evidence.ts';
import { failsWith } from '../test/failsWith.ts';
import { acknowledged, receiptOf, sampleBody } from '../test/sampleEvidence.ts';
import { context, network, primitives, signatory, word } from '../test/sampleNetwork.ts';
import { LINES, sampleHeader, sensor, signedReadings } from '../test/sampleReadings.ts';
import { someOf } from '../test/share.ts';
import { readingsDigest } from './readingsDigest.ts';
import type { ReadingProof } from './ReadingProof.ts';
import type { SignedReadings } from './ReadingsHeader.ts';
import { verifyReading } from './verifyReading.ts';

const other = signatory('another device');
const batch = signedReadings(sampleHeader({ first: 60 }));

/** The body of a batch's entry, as nodes write it unless said otherwise. */
function bodyOf(readings: SignedReadings, change: Partial<Body> = {}): Body {
  const { header } = readings;
  const record = readingsDigest(primitives, header);
  return sampleBody({ readings, ...change }, { record, grant: header.grant });
}

/** The same batch with the signature that has n - s in place of s. */
function withHighS(readings: SignedReadings): SignedReadings {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const hex = readings.signature.slice(2);
  const s = (order - BigInt(`0x${hex.slice(64, 128)}`)).toString(16).padStart(64, '0');
  const v = hex.slice(128) === '1b' ? '1c' : '1b';
  return { ...readings, signature: `0x${hex.slice(0, 64)}${s}${v}` };
}

/** The proof of a reading, from an entry with such a body. */
async function proofOf(body: Body, place = 1, lines = LINES): Promise<ReadingProof> {
  const entries = await acknowledged([body, sampleBody()]);
  const tree = memoryTree(
    primitives,
    lines.map((line) => leafHash(primitives, utf8ToBytes(line))),
  );
  return {
    format: 'medseal-reading/1',
    receipt: await receiptOf(entries, 0),
    place,
    line: lines[place] ?? '',
    inclusion: tree.inclusion(place).map(bytesToHex),
  };
}

const proof = await proofOf(bodyOf(batch));

function verify(given: ReadingProof): ReturnType<typeof verifyReading> {
  return verifyReading(context, network, given, { strict: true });
}

function read(bytes: Uint8Array): void {
  const parsed = parseEvidenceFile(bytes);
  assert.ok(parsed.kind === 'reading');
  verify(parsed.reading);
}

describe('the proof of one reading', () => {
  it('holds for each reading of a batch, and tells its device, its number and its line', async () => {
    for (const place of LINES.keys()) {
      const { device, number, line, reading, body } = verify(await proofOf(bodyOf(batch), place));
      assert.deepEqual([device, number, line], [sensor.address, 60 + place, LINES[place]]);
      assert.deepEqual(reading, JSON.parse(line));
      assert.equal(body.readings?.header.grant, batch.header.grant);
    }
  });

  const wrong: [string, ReadingProof | Promise<ReadingProof>][] = [
    ['another value', { ...proof, line: proof.line.replace('71', '17') }],
    ['the next reading’s place', { ...proof, place: 2 }],
    ['a place after the last', { ...proof, place: 3 }],
    ['no hashes', { ...proof, inclusion: [] }],
    ['a hash more', { ...proof, inclusion: [...proof.inclusion, word('more')] }],
    ['another format', { ...proof, format: 'medseal-reading/2' as 'medseal-reading/1' }],
    [
      'the receipt of another batch',
      proofOf(bodyOf(signedReadings(sampleHeader({ root: word('other readings') })))),
    ],
    ['the entry of an ordinary record', proofOf(sampleBody())],
    [
      'a batch that nodes refused',
      proofOf(bodyOf(batch, { flag: 'R', code: 'READINGS_UNTIMELY' })),
    ],
    [
      'an entry of another record',
      proofOf(sampleBody({ readings: batch }, { grant: batch.header.grant })),
    ],
    [
      'an entry under another right',
      proofOf(
        sampleBody(
          { readings: batch },
          { record: readingsDigest(primitives, batch.header), grant: word('another right') },
        ),
      ),
    ],
    [
      'a signature that no key can have made',
      proofOf(bodyOf({ ...batch, signature: `0x${'ff'.repeat(65)}` })),
    ],
    ['the other signature of the same key, with a high s', proofOf(bodyOf(withHighS(batch)))],
    [
      'a line that is not a reading, though its device signed it',
      (async () => {
        const lines = ['{"at":1}', '{"at":2}'];
        const tree = memoryTree(
          primitives,
          lines.map((line) => leafHash(primitives, utf8ToBytes(line))),
        );
        const header = sampleHeader({ count: 2, root: bytesToHex(tree.root) });
        return await proofOf(bodyOf(signedReadings(header)), 1, lines);
      })(),
    ],
  ];
  for (const [name, given] of wrong) {
    it(`is refused with ${name}`, async () => {
      const value = await given;
      assert.throws(() => verify(value), failsWith('EVIDENCE_INVALID'));
    });
  }

  it('names the device whose key signed, whatever the gateway says', async () => {
    const signed = signedReadings(sampleHeader({ first: 60 }), other);
    assert.equal(verify(await proofOf(bodyOf(signed))).device, other.address);
  });

  it('is refused by another network', () => {
    const strange = { ...context, domain: { ...context.domain, chainId: 7 } };
    assert.throws(() => verifyReading(strange, network, proof), failsWith('EVIDENCE_INVALID'));
  });

  // @actor a party with one proved reading | to pass it for another value, number or batch
  it('is a file of which no byte can be changed', () => {
    const file = utf8ToBytes(formatEvidenceFile(proof));
    read(file);
    for (const at of someOf([...file.keys()], 20)) {
      const changed = file.with(at, (file[at] ?? 0) ^ (1 << (at % 7)));
      assert.throws(() => read(changed), `byte ${at}`);
    }
  });
});
