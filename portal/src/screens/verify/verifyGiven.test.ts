import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToHex, utf8ToBytes } from '../../../../src/crypto/bytes.ts';
import { canonicalJson } from '../../../../src/protocol/wire/canonicalJson.ts';
import { formatEvidenceFile } from '../../../../src/protocol/evidence/parseEvidenceFile.ts';
import {
  acknowledged,
  NOW,
  receiptOf,
  sampleBody,
} from '../../../../src/protocol/test/sampleEvidence.ts';
import {
  network,
  primitives,
  signatory,
  word,
} from '../../../../src/protocol/test/sampleNetwork.ts';
import { consortium } from '../../../../src/protocol/test/sampleConsortium.ts';
import { blockStatement, conflictOf } from '../../../../src/protocol/test/sampleStatements.ts';
import {
  LARGEST_EVIDENCE,
  verifyGiven,
  type GivenFile,
  type VerifyContext,
} from './verifyGiven.ts';
import type { VerifyFinding } from './VerifyFinding.ts';

const sealed = utf8ToBytes('a sealed file');
const bodies = [
  sampleBody({ at: NOW }, { file: bytesToHex(primitives.sha256(sealed)), size: sealed.length }),
  sampleBody({ at: NOW + 1 }),
];
const entries = await acknowledged(bodies);
const receipt = await receiptOf(entries, 0);
const at: VerifyContext = { network, pinned: network, now: NOW + 60 };

const file = (content: string | Uint8Array, name = 'receipt.json'): File =>
  new File([typeof content === 'string' ? content : Uint8Array.from(content)], name);
const text = formatEvidenceFile(receipt);

/** A coordinator's statement that a block is the ledger's. */
const said = (name: string, hash: string) =>
  blockStatement(
    signatory(`coordinator of ${name}`),
    { nonce: word('nonce'), newest: 0 },
    { height: 7, hash: word(hash), time: NOW },
  );

const read = (): never => assert.fail('the file was read');

/** A file of a size that must not be read. */
function unread(size: number, name = 'large.json'): GivenFile {
  return { name, size, arrayBuffer: read, stream: read };
}

async function only(given: GivenFile, context = at): Promise<VerifyFinding> {
  const [finding, ...more] = await verifyGiven(context, [given]);
  assert.ok(finding !== undefined && more.length === 0);
  return finding;
}

describe('files that a person gives the page to verify', () => {
  it('a valid receipt is safe, and each thing that was checked is named', async () => {
    const { state, kind, checked, unchecked, body } = await only(file(text));
    assert.deepEqual([state, kind], ['safe', 'receipt']);
    assert.deepEqual(body, bodies[0]);
    assert.deepEqual(
      checked.map(({ key }) => key),
      ['author', 'verdicts', 'place', 'checkpoint', 'ledger'].map(
        (each) => `verify.checked-${each}`,
      ),
    );
    assert.deepEqual(
      unchecked.map(({ key }) => key),
      ['verify.not-ledger'],
    );
  });

  it('every altered byte of a receipt makes it unsafe', async () => {
    for (let place = 0; place < text.length; place += 97) {
      const bytes = utf8ToBytes(text);
      bytes[place] = (bytes[place] ?? 0) ^ 1;
      const { state, faults, body } = await only(file(bytes));
      assert.equal(state, 'unsafe', `byte ${place}`);
      assert.equal(faults.length, 1);
      assert.equal(body, undefined);
    }
  });

  it('an empty file, another kind of file and another network’s receipt are unsafe with a reason', async () => {
    const other = { ...network, networkId: word('another network') };
    const cases: readonly (readonly [GivenFile, VerifyContext, RegExp])[] = [
      [file(''), at, /the file is empty/],
      [file('%PDF-1.7'), at, /not JSON/],
      [file('null'), at, /./],
      [file('{"format":"medseal-receipt/2"}'), at, /medseal-receipt\/2/],
      [file('{"format":"medseal-fork/1"}'), at, /./],
      [file(text), { ...at, network: other }, /./],
    ];
    for (const [given, context, reason] of cases) {
      const { state, faults } = await only(given, context);
      assert.equal(state, 'unsafe');
      assert.match(faults.join(), reason);
    }
  });

  it('a file of 8 GB is refused by its size, before a byte of it is read', async () => {
    for (const size of [LARGEST_EVIDENCE + 1, 8 * 2 ** 30]) {
      const { state, faults } = await only(unread(size));
      assert.equal(state, 'unsafe');
      assert.match(faults.join(), /too large/);
    }
  });

  it('a valid receipt from the future is never called safe', async () => {
    const { state, doubts } = await only(file(text), { ...at, now: NOW - 3600 });
    assert.equal(state, 'doubtful');
    assert.deepEqual(
      doubts.map(({ key }) => key),
      ['verify.doubt-future'],
    );
  });

  it('an acknowledgement says that it does not prove a place', async () => {
    const { kind, state, unchecked } = await only(
      file(formatEvidenceFile(receipt.acknowledgement)),
    );
    assert.deepEqual([kind, state], ['acknowledgement', 'safe']);
    assert.ok(unchecked.some(({ key }) => key === 'verify.not-place'));
  });

  it('the pinned network file is told from another one', async () => {
    const other = { ...network, networkId: word('another network') };
    assert.equal((await only(file(canonicalJson(network)))).state, 'safe');
    assert.equal((await only(file(canonicalJson(other)))).state, 'unsafe');
  });

  it('proof of two signed blocks is named with its signers, and accuses nobody if it proves nothing', async () => {
    const one = said('hospital', 'one');
    const other = said('insurer', 'other');
    const held = { ...at, network: consortium, pinned: consortium };
    const verify = async (value: unknown, context: VerifyContext = held) =>
      await only(file(JSON.stringify(value), 'conflict-7.json'), context);
    const { kind, state, checked, doubts } = await verify(conflictOf(one, other));
    assert.deepEqual([kind, state], ['fork', 'doubtful']);
    assert.deepEqual(checked, [
      {
        key: 'verify.checked-conflict',
        values: {
          height: 7,
          one: `hospital (${word('one')})`,
          other: `insurer (${word('other')})`,
        },
      },
    ]);
    assert.deepEqual(doubts, [{ key: 'verify.doubt-conflict' }]);
    const alone = await verify(conflictOf(one, said('hospital', 'other')));
    assert.deepEqual(alone.doubts, [{ key: 'verify.doubt-fork', values: { names: 'hospital' } }]);
    // One node keeps the ledger, and may have come back from a backup.
    for (const value of [conflictOf(one, other), conflictOf(one, said('hospital', 'other'))]) {
      assert.deepEqual((await verify(value, at)).doubts, [{ key: 'verify.doubt-conflict-kept' }]);
    }
    const elsewhere = { ...network, networkId: word('another network') };
    for (const [value, context] of [
      [conflictOf(one, one), at],
      [conflictOf(one, { ...other, signature: one.signature }), at],
      [conflictOf(one), at],
      [{ format: 'medseal-block-conflict/1' }, at],
      [conflictOf(one, other), { ...at, network: elsewhere, pinned: elsewhere }],
    ] as const) {
      const found = await verify(value, context);
      assert.deepEqual([found.state, found.checked, found.faults.length], ['unsafe', [], 1]);
    }
    const cut = await only(file(JSON.stringify(conflictOf(one, other)).slice(0, -1)));
    assert.equal(cut.state, 'unsafe');
  });

  it('a sealed file is safe only if the receipt names its bytes', async () => {
    const verify = async (given: GivenFile): Promise<VerifyFinding | undefined> =>
      (await verifyGiven(at, [file(text)], given)).at(-1);
    const parts: number[] = [];
    const context = { ...at, onPart: (part: number) => parts.push(part) };
    const found = await verifyGiven(context, [file(text)], file(sealed.slice(), 'record.age'));
    assert.deepEqual(
      found.map(({ kind, state }) => [kind, state]),
      [
        ['receipt', 'safe'],
        ['record', 'safe'],
      ],
    );
    assert.deepEqual(parts, [1]);
    assert.equal((await verify(file('a sealed pile')))?.state, 'unsafe');
    assert.match((await verify(unread(8 * 2 ** 30)))?.faults.join() ?? '', /13$/);
  });

  it('a sealed file beside an invalid or a second receipt proves nothing', async () => {
    const second = file(formatEvidenceFile(await receiptOf(entries, 1)), 'second.json');
    for (const given of [[], [file('x')], [file(text), second]]) {
      const found = await verifyGiven(at, given, file(sealed.slice(), 'record.age'));
      assert.equal(found.at(-1)?.state, 'unsafe');
    }
  });

  it('a network that changed names the file that was in force', async () => {
    const { channels } = network;
    const changed = {
      ...network,
      before: [{ fingerprint: word('first'), until: NOW + 30, channels }],
    };
    const { checked } = await only(file(text), { ...at, network: changed });
    const told = checked.find(({ key }) => key === 'verify.checked-file');
    assert.deepEqual(told?.values, { number: 1, count: 2 });
  });
});
