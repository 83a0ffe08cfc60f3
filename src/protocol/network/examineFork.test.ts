import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { examineFork } from './examineFork.ts';
import { failsWith } from '../test/failsWith.ts';
import { checkpointOf } from '../test/sampleEvidence.ts';
import { context, coordinators, network, word } from '../test/sampleNetwork.ts';

const [first, second, third] = coordinators;
if (first === undefined || second === undefined || third === undefined) throw new Error();
const one = checkpointOf([word('a'), word('b')], [first, second]);
const other = checkpointOf([word('a'), word('c')], [second, third]);

describe('two checkpoints of one log', () => {
  it('with two roots for one size convict the log and whoever signed both', () => {
    const fork = { organisation: 'hospital', signers: [second.address] };
    assert.deepEqual(examineFork(context, network, one, other), fork);
    assert.deepEqual(examineFork(context, network, other, one), fork);
  });

  it('that do not contradict each other convict nobody', () => {
    for (const fine of [one, checkpointOf([word('a')]), checkpointOf([word('a'), word('b')])]) {
      assert.equal(examineFork(context, network, one, fine), undefined);
    }
  });

  it('of which one does not hold show nothing', () => {
    const forged = { ...other, root: word('x') };
    const unsigned = { ...other, signatures: other.signatures.slice(1) };
    for (const wrong of [forged, unsigned]) {
      assert.throws(() => examineFork(context, network, one, wrong), failsWith('EVIDENCE_INVALID'));
    }
  });
});
