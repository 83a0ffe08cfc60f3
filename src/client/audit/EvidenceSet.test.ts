import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Acknowledgement, History, SavedChain } from '../../protocol/evidence/evidence.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import {
  acknowledged,
  checkpointOf,
  doctor,
  HANDLE,
  LOG,
  NOW,
  receiptOf,
  sampleBody,
  sampleView,
} from '../../protocol/test/sampleEvidence.ts';
import { context, coordinators, network } from '../../protocol/test/sampleNetwork.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { ledgerWith } from '../test/ledgerWith.ts';
import { EvidenceSet, type EvidenceSources } from './EvidenceSet.ts';

const DUE = NOW + 60;
const [promised, early, after] = (await acknowledged(
  [0, 1, 200].map((seconds) => sampleBody({ at: NOW + seconds })),
)) as [Acknowledgement, Acknowledgement, Acknowledgement];
/** Judged long after the promise was due, and by verdicts that say so. */
const late: Acknowledgement = {
  ...after,
  verdicts: after.verdicts.map((each, place) => {
    const verdict = { ...each.verdict, at: NOW + 200, includeBy: NOW + 260 };
    const signer = coordinators[place];
    assert.ok(signer);
    return { ...each, verdict, signature: sign(context, signer, 'Verdict', verdict).signature };
  }),
};
const signers = coordinators.map(({ address }) => address);

/** A history of these entries. */
function historyOf(...entries: readonly Acknowledgement[]): History {
  const names = entries.map(({ entry }) => entry);
  const joined = names.map((name) => name.slice(2)).join('');
  return {
    format: 'medseal-history/1',
    checkpoint: checkpointOf(names),
    entries: `0x${joined}`,
  };
}

const ANOTHER = /the ledger holds another history, of 1 entries/;
const ABSENT = 'that the ledger holds the checkpoint of 1 entries: it does not';

/** The chain of an audit, which is the only entry of its log. */
async function chainOf(): Promise<SavedChain> {
  const view = sign(context, doctor, 'View', { ...sampleView, what: 'audit' });
  const [acknowledgement] = await acknowledged([sampleBody({ request: view })]);
  assert.ok(acknowledgement);
  const checkpoint = checkpointOf([acknowledgement.entry]);
  const parts = [{ log: LOG, checkpoint, entries: [], tallies: [] }];
  return { format: 'medseal-chain/1', handle: HANDLE, acknowledgement, parts, blocks: [] };
}

type Evidence = Parameters<typeof formatEvidenceFile>[0];

async function setOf(
  files: Readonly<Record<string, Evidence>>,
  sources: EvidenceSources = {},
): Promise<EvidenceSet> {
  const set = new EvidenceSet({ ...context, network }, sources);
  for (const [name, evidence] of Object.entries(files)) {
    await set.add(name, utf8ToBytes(formatEvidenceFile(evidence)));
  }
  return set;
}

describe('a set of evidence', () => {
  it('tells of each file what it is, and refuses one that is not valid by itself', async () => {
    const set = await setOf({});
    const receipt = await receiptOf([{ ...promised, index: 0 }], 0);
    for (const [evidence, kind] of [
      [promised, 'acknowledgement'],
      [historyOf(promised), 'history'],
      [receipt, 'receipt'],
    ] as const) {
      const verified = await set.add('file', utf8ToBytes(formatEvidenceFile(evidence)));
      assert.equal(verified.kind, kind);
    }
    const altered = { ...historyOf(promised), entries: historyOf(late).entries };
    for (const bytes of [utf8ToBytes(formatEvidenceFile(altered)), utf8ToBytes('{}')]) {
      await assert.rejects(set.add('file', bytes), failsWith('EVIDENCE_INVALID'));
    }
  });

  // @actor lying administrator | to have a false chain saved as true
  it('compares a chain with the ledger if there is one', async () => {
    const chain = await chainOf();
    const [held] = chain.parts;
    assert.ok(held);
    const logWith = async (sources: EvidenceSources) => {
      const set = new EvidenceSet({ ...context, network }, sources);
      const verified = await set.add('chain', utf8ToBytes(formatEvidenceFile(chain)));
      assert.ok(verified.kind === 'chain');
      const log = verified.chain.logs.find((each) => each.log === LOG);
      return { faults: log?.faults.join() ?? '', unchecked: log?.unchecked ?? [] };
    };
    const alone = await logWith({});
    const other = { ...held.checkpoint, root: HANDLE };
    assert.deepEqual(await logWith({ ledger: ledgerWith(network, [held.checkpoint]) }), alone);
    assert.match((await logWith({ ledger: ledgerWith(network, [other]) })).faults, ANOTHER);
    const absent = await logWith({ ledger: ledgerWith(network, []) });
    assert.deepEqual(absent.unchecked, [...alone.unchecked, ABSENT]);
  });

  // @actor lying administrator | to have a false history saved as true
  it('compares a history with the ledger if there is one, and takes it as evidence all the same', async () => {
    const history = historyOf(early);
    for (const [held, faults, unchecked] of [
      [[history.checkpoint], [], []],
      [[{ ...history.checkpoint, root: HANDLE }], [ANOTHER], []],
      [[], [], [ABSENT]],
    ] as const) {
      const set = await setOf({ early }, { ledger: ledgerWith(network, held) });
      const verified = await set.add('history', utf8ToBytes(formatEvidenceFile(history)));
      assert.ok(verified.kind === 'history');
      assert.equal(verified.faults.length, faults.length);
      for (const fault of faults) assert.match(verified.faults[0] ?? '', fault);
      assert.deepEqual(verified.unchecked, unchecked);
      assert.equal((await set.promises())[0]?.settled?.finding.promise, 'kept');
    }
  });

  it('finds that a promise was kept, that it was broken, or that nothing tells', async () => {
    const kept = await setOf({ promised, history: historyOf(early, promised) });
    assert.deepEqual(await kept.promises(), [
      {
        name: 'promised',
        acknowledgement: promised,
        settled: { finding: { promise: 'kept', index: 1 }, size: 2, history: 'history' },
      },
    ]);
    const broken = await setOf({ promised, late, history: historyOf(early, late) });
    const [lost, there] = await broken.promises();
    const convicts = { organisation: 'hospital', signers };
    assert.deepEqual(lost?.settled?.finding, { promise: 'broken', includeBy: DUE, ...convicts });
    assert.deepEqual(there?.settled?.finding, { promise: 'kept', index: 1 });
    const open = await setOf({ promised, history: historyOf(early) });
    const [notYet] = await open.promises();
    assert.deepEqual(notYet?.settled?.finding, { promise: 'open', includeBy: DUE });
    const alone = await setOf({ promised });
    assert.deepEqual(await alone.promises(), [{ name: 'promised', acknowledgement: promised }]);
  });

  it('takes the history that says most of a promise', async () => {
    const set = await setOf({
      promised,
      first: historyOf(early),
      second: historyOf(early, promised),
    });
    assert.equal((await set.promises())[0]?.settled?.history, 'second');
  });

  // @actor lying agent | to stop who compares evidence
  it('finds what the files show though the node that they accuse is silent, or lies about why', async () => {
    for (const error of [
      new MedsealError('PEER_UNREACHABLE', { peer: 'hospital' }),
      new MedsealError('PEER_MALFORMED', { what: 'answer' }),
      new MedsealError('NOT_FOUND', { what: 'log' }),
      new MedsealError('LEDGER_UNREACHABLE', {}),
    ]) {
      const isAnswer = error.code === 'PEER_MALFORMED' || error.code === 'NOT_FOUND';
      const silent = async () => await Promise.reject(error);
      const history = historyOf(early);
      const set = await setOf(
        { promised, early, history },
        {
          ledger: ledgerWith(network, [history.checkpoint]),
          agentOf: () => ({ checkpoint: silent, tile: silent }),
        },
      );
      const [asked, kept] = await set.promises();
      const { fault, unchecked } = asked ?? assert.fail();
      const said = isAnswer ? fault : unchecked;
      assert.match(said ?? '', /^the node of hospital /);
      assert.ok(said?.includes(error.message));
      assert.equal(isAnswer ? unchecked : fault, undefined);
      assert.equal(kept?.settled?.finding.promise, 'kept');
    }
  });

  it('convicts those who signed two histories of one log', async () => {
    const set = await setOf({ one: historyOf(promised, early), other: historyOf(promised, late) });
    const why = 'two roots of 2 entries';
    assert.deepEqual(set.forks(), [
      { log: LOG, sizes: [2, 2], why, organisation: 'hospital', signers },
    ]);
    assert.deepEqual((await setOf({ one: historyOf(promised) })).forks(), []);
  });
});
