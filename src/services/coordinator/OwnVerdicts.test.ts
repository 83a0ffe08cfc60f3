import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { OwnVerdicts, type VerdictStatement } from './OwnVerdicts.ts';

function statement(root: string): VerdictStatement {
  const verdict = { kind: 'writes', log: word('log'), size: 3, root: word(root) } as const;
  return {
    coordinator: `0x${'c0'.repeat(20)}`,
    signature: `0x${'5e'.repeat(65)}`,
    verdict: { ...verdict, at: 100, includeBy: 160 },
  };
}

describe('the verdicts that a coordinator remembers as its own', () => {
  it('are those that it signed, and none that was altered', () => {
    const own = new OwnVerdicts(portablePrimitives);
    const said = statement('root');
    assert.equal(own.has(said), false);
    own.add(said);
    assert.equal(own.has(structuredClone(said)), true);
    const { verdict } = said;
    const altered: VerdictStatement[] = [
      { ...said, coordinator: `0x${'c1'.repeat(20)}` },
      { ...said, signature: `0x${'5f'.repeat(65)}` },
      { ...said, verdict: { ...verdict, kind: 'views' } },
      { ...said, verdict: { ...verdict, log: word('another') } },
      { ...said, verdict: { ...verdict, size: 4 } },
      { ...said, verdict: { ...verdict, root: word('another') } },
      { ...said, verdict: { ...verdict, at: 101 } },
      { ...said, verdict: { ...verdict, includeBy: 161 } },
    ];
    for (const other of altered) assert.equal(own.has(other), false);
  });

  it('are the newest 4,096, however many it signs', () => {
    const own = new OwnVerdicts(portablePrimitives);
    const said = Array.from({ length: 5000 }, (_, at) => statement(`root ${at}`));
    for (const each of said) own.add(each);
    const remembered = said.filter((each) => own.has(each));
    assert.deepEqual(remembered, said.slice(-4096));
  });
});
