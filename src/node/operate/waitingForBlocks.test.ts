import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import { network, word } from '../../protocol/test/sampleNetwork.ts';
import { noSuccession } from '../../services/succession/Succession.ts';
import type { RunningNode } from '../openNode.ts';
import type { EnginePrograms, LackingProgram } from '../validator/EnginePrograms.ts';
import type { RemoteSignerState } from '../validator/RemoteSigner.ts';
import type { Presence } from '../validator/Presence.ts';
import { createMetrics } from './createMetrics.ts';
import type { NodeState } from './NodeState.ts';
import { reasonText } from '../../protocol/operator/nodeReasons.ts';
import { watchNode } from './watchNode.ts';

const BOUND = 90;
const chain = `medseal-${'5a'.repeat(16)}`;
const bounded: NetworkFile = { ...network, ledger: { ...network.ledger, chain, maxAge: BOUND } };
const OWN = word('own validator');

interface Watched {
  readonly file?: NetworkFile;
  readonly age?: number;
  readonly presence?: Partial<Presence> | 'untold';
  readonly lacking?: LackingProgram;
  readonly signer?: RemoteSignerState;
  /** Key of its validator. */
  readonly key?: typeof OWN;
}

/** State and metrics of a node whose newest block is of an age, and whose validator told this of itself. */
async function watched(
  t: TestContext,
  { file = bounded, age = 0, presence, lacking, signer, key = OWN }: Watched,
): Promise<NodeState & { readonly text: string }> {
  const index = {
    refresh: async () => await Promise.resolve(),
    ahead: 0,
    age,
    block: 7,
    rows: 0,
    digests: [],
  };
  const organisation = {
    rejoining: { learnt: true },
    administrator: { waited: () => 0 },
    coordinator: {
      closedLogs: async () => await Promise.resolve([]),
      awaitedCheckpoints: async () => await Promise.resolve([]),
    },
    vault: { usage: async () => await Promise.resolve({ files: 0, bytes: 0 }) },
    logs: new Map(),
    index,
  };
  const organisations = new Map([['hospital', organisation]]);
  const told = { height: 7, behind: false, peers: 3, window: 100, mostMissed: 95, validators: [] };
  const watch = await watchNode({
    node: {
      organisations,
      file,
      succession: noSuccession(file),
      removed: [],
    } as unknown as RunningNode,
    clock: new TestClock(1_800_000_000_000),
    space: { free: undefined, fault: undefined },
    peers: new Map(),
    isSettled: () => true,
    ...(presence && {
      validator: {
        key,
        pid: 1,
        presence: presence === 'untold' ? undefined : { ...told, ...presence },
        told: undefined,
        programs: { lacking } as EnginePrograms,
        signer,
      },
    }),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  t.after(async () => await watch.close());
  const text = await createMetrics('0', async () => await watch.state()).text();
  return { ...(await watch.state()), text };
}

describe('a node whose newest block is older than the network allows', () => {
  it('is not ready, says since when and what follows, and is ready until then', async (t) => {
    const on = await watched(t, { age: BOUND });
    assert.deepEqual([on.ready, on.waitingFor], [true, []]);
    assert.deepEqual(on.ledger, { followed: true, block: 7, ahead: 0, age: 90, maxAge: 90 });
    const { ready, waitingFor, text } = await watched(t, { age: BOUND + 1 });
    assert.equal(ready, false);
    assert.deepEqual(waitingFor.map(reasonText), [
      'the ledger to make a block: its newest one is 91 s old, and nobody reads by a right beyond 90 s',
    ]);
    assert.match(text, /^medseal_ledger_age_seconds 91$/m);
    assert.match(text, /^medseal_ledger_max_age_seconds 90$/m);
    assert.match(text, /^medseal_ready 0$/m);
  });

  it('is ready at any age if one organisation keeps the ledger, and names no bound', async (t) => {
    const { ready, ledger, text } = await watched(t, { file: network, age: 1e6 });
    assert.equal(ready, true);
    assert.deepEqual([ledger.age, ledger.maxAge], [1e6, undefined]);
    assert.match(text, /^medseal_ledger_max_age_seconds 0$/m);
  });
});

describe('a node whose validator does not vote', () => {
  const each = { organisation: 'hospital', key: OWN, power: 10, missed: 0, aside: false };
  const other = { ...each, organisation: 'insurer', key: word('validator of another') };

  it('is not ready while the validator fetches blocks', async (t) => {
    const { ready, waitingFor } = await watched(t, { presence: { behind: true } });
    assert.equal(ready, false);
    assert.deepEqual(waitingFor.map(reasonText), [
      'its validator to fetch the blocks that it lacks',
    ]);
  });

  it('is not ready before its validator, which just began, says whether it lacks blocks', async (t) => {
    const { ready, waitingFor } = await watched(t, { presence: 'untold' });
    assert.equal(ready, false);
    assert.deepEqual(waitingFor.map(reasonText), [
      'its validator to fetch the blocks that it lacks',
    ]);
  });

  it('is not ready once its own validator is out for good, and is if another’s is', async (t) => {
    const validators = [
      { ...each, out: true },
      { ...other, out: false },
    ];
    const { ready, waitingFor } = await watched(t, { presence: { validators } });
    assert.equal(ready, false);
    assert.match(
      waitingFor.map(reasonText).join(),
      /^a new validator: its own signed two blocks of one height/,
    );
    const others = [
      { ...each, out: false },
      { ...other, out: true },
    ];
    assert.equal((await watched(t, { presence: { validators: others } })).ready, true);
    assert.equal((await watched(t, { presence: {} })).ready, true);
  });

  it('is not ready while the remote signer is away or another one, and says where the key is', async (t) => {
    const named = { address: 'tcp://127.0.0.1:26659', key: OWN };
    for (const [state, waits] of [
      ['connected', []],
      [undefined, []],
      [
        'absent',
        [
          'its validator’s remote signer to connect to tcp://127.0.0.1:26659: without it the validator has no vote',
        ],
      ],
      [
        'other',
        [
          `the remote signer with the key ${OWN}: the one that connects to tcp://127.0.0.1:26659 has another key, or does not sign for this ledger`,
        ],
      ],
    ] as const) {
      const shown = await watched(t, { presence: {}, signer: { ...named, state } });
      assert.deepEqual(shown.waitingFor.map(reasonText), waits);
      assert.equal(shown.ready, waits.length === 0);
      const place = { place: 'signer', address: named.address, ...(state && { signer: state }) };
      assert.deepEqual(shown.validator?.blockKey, place);
    }
    const { validator } = await watched(t, { presence: {} });
    assert.deepEqual(validator?.blockKey, { place: 'folder' });
  });

  it('says which program it lacks, and what to do', async (t) => {
    const lacking = { height: 70, platform: 'linux/amd64', sha256: OWN };
    const { ready, waitingFor, text } = await watched(t, { presence: {}, lacking });
    assert.equal(ready, false);
    assert.deepEqual(waitingFor.map(reasonText), [
      `the engine’s program ${OWN} for linux/amd64, with which the ledger goes on: give it with "medseal engine add"`,
    ]);
    assert.match(text, /^medseal_validator_program_lacking\{organisation="hospital"\} 1$/m);
    const none = { height: 70, platform: 'linux/riscv64' };
    const stuck = await watched(t, { presence: {}, lacking: none });
    assert.match(stuck.waitingFor.map(reasonText).join(), /^another machine for its validator/);
  });

  it('is not ready while the network names another key of it, as after a restoration', async (t) => {
    const file = { ...consortium, ledger: { ...consortium.ledger, maxAge: BOUND } };
    const { ready, waitingFor } = await watched(t, { file, presence: {} });
    assert.equal(ready, false);
    assert.match(
      waitingFor.map(reasonText).join(),
      /^another network file: .* network propose --replace-key hospital$/,
    );
    const key = word('validator of hospital');
    assert.equal((await watched(t, { file, presence: {}, key })).ready, true);
  });
});
