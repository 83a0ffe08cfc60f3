import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { collectBytes } from '../../crypto/sealing/collectBytes.ts';
import { startCare, startTestNetwork, type TestNetwork } from '../../node/test/testNetwork.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import type { Body } from '../../protocol/evidence/evidence.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import { network as sampleNetwork, word } from '../../protocol/test/sampleNetwork.ts';
import { addRecord } from '../records/addRecord.ts';
import type { Verifier } from './EvidenceSet.ts';
import { isSealProven } from './isSealProven.ts';

let network: TestNetwork;
let verifier: Verifier;
let write: Write;
let file: Uint8Array;

before(async () => {
  network = await startTestNetwork({ guarded: true });
  const { doctor, handle, right } = await startCare(network);
  const own = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  const { acknowledgement } = await addRecord(doctor, { ...own, content: utf8ToBytes('a note') });
  write = (JSON.parse(acknowledgement.body) as Body).request.message as Write;
  file = await collectBytes(network.services().contributor.file(write.file));
  const { primitives } = network.ports;
  verifier = { network: network.file, primitives, domain: domainOf(network.file) };
});
after(async () => await network.close());

describe('the proof in a guarded file', () => {
  it('says for which record version it was sealed, and for no other', () => {
    assert.equal(isSealProven(verifier, write, file), true);
    for (const other of [{ version: 2 }, { record: word('other') }, { handle: word('other') }]) {
      assert.equal(isSealProven(verifier, { ...write, ...other }, file), false);
    }
  });

  it('is in no file that opens without a release, or under the key of another network', () => {
    assert.equal(isSealProven(verifier, write, utf8ToBytes('something else')), undefined);
    const unguarded = { ...verifier, network: sampleNetwork };
    assert.equal(isSealProven(unguarded, write, file), undefined);
    const other = { ...verifier, network: { ...network.file, networkId: word('other') } };
    assert.equal(isSealProven(other, write, file), undefined);
  });
});
