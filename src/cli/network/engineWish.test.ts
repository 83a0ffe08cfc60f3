import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rm } from 'node:fs/promises';
import { after, describe, it } from 'node:test';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import { scratchFolder } from '../../node/test/scratchFolder.ts';
import type { OperatorEngine, OperatorState } from '../../protocol/operator/OperatorPort.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { codesOfContracts } from '../../node/validator/contractsOfCodes.ts';
import { FURTHER_CONTRACTS } from '../../protocol/network/furtherContracts.ts';
import { engineWish, type EngineWish } from './engineWish.ts';

const NEWEST = 900;
const AHEAD = { blocks: 40, isAhead: true };
const ends: (() => unknown)[] = [];
after(async () => {
  for (const end of ends) await end();
});

/** The upgrade that is wished at a node that is connected with validators. */
async function wished(
  wish: EngineWish,
  engines: readonly OperatorEngine[] = [],
): ReturnType<typeof engineWish> {
  const state: OperatorState = {
    version: '0.2.0',
    since: 1,
    organisations: ['hospital'],
    ready: true,
    waitingFor: [],
    notYet: [],
    ledger: { followed: true, block: NEWEST, ahead: 0, age: 0 },
    engines,
    disputed: false,
    members: [],
    changes: [],
    peers: {},
    logs: [],
    disk: { reserve: 0 },
    vaults: [],
    quotas: {},
    refused: {},
    answered: {},
    failed: {},
  };
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(state));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = await scratchFolder();
  ends.push(
    () => server.close(),
    async () => await rm(folder, { recursive: true }),
  );
  const files = await openFolder(`${folder}/node`);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await writeJsonFile(files, 'operator.json', { url, code: 'c'.repeat(43) });
  return await engineWish(files, consortium, wish, primitives);
}

function runs(organisation: string, platform: string, program: string): OperatorEngine {
  return { organisation, version: '0.2.0', platform, sha256: word(program) };
}

describe('an upgrade of the engine that is wished', () => {
  const engines = [
    runs('hospital', 'linux/amd64', 'x86'),
    runs('laboratory', 'linux/arm64', 'arm'),
    runs('insurer', 'linux/amd64', 'x86'),
    runs('pharmacy', 'linux/amd64', 'x86'),
  ];

  it('names the programs that run if it changes parameters alone', async () => {
    const programs = { 'linux/amd64': word('x86'), 'linux/arm64': word('arm') };
    assert.deepEqual(await wished({ blockGas: 40_000_000, height: AHEAD }, engines), {
      height: NEWEST + AHEAD.blocks,
      programs,
      parameters: { blockGas: 40_000_000 },
    });
  });

  it('names the codes of contracts, with those that they cannot be without, and the programs that run', async () => {
    for (const [admit, contracts] of [
      [['vitalRecords'], ['vitalRecords']],
      [['claims'], ['settlement', 'claims']],
      [FURTHER_CONTRACTS, FURTHER_CONTRACTS],
    ] as const) {
      const { codes, ...rest } = (await wished({ admit, height: AHEAD }, engines)) ?? {};
      assert.deepEqual(codes, codesOfContracts(contracts, primitives));
      const programs = { 'linux/amd64': word('x86'), 'linux/arm64': word('arm') };
      assert.deepEqual(rest, { height: NEWEST + AHEAD.blocks, programs });
    }
  });

  it('names the programs that are given if it has both', async () => {
    const engine = [`linux/amd64=${word('next')}`];
    const height = { blocks: 2000, isAhead: false };
    assert.deepEqual(await wished({ engine, absenceWindow: 2000, height }, engines), {
      height: 2000,
      programs: { 'linux/amd64': word('next') },
      parameters: { absenceWindow: 2000 },
    });
  });

  // @attack a validator with a program that nobody else runs is not connected | a change of parameters alone does not leave it out: `ARGUMENT_INVALID`
  it('names no programs for all while the node does not hear a validator, unless the operator names that one', async () => {
    const wish = { blockGas: 40_000_000, height: AHEAD };
    const heard = engines.slice(0, 1);
    await assert.rejects(wished(wish, heard), /(?=.*--unheard insurer).*--unheard laboratory/);
    const unheard = ['insurer'];
    await assert.rejects(wished({ ...wish, unheard }, heard), /validator of laboratory runs/);
    const { programs } = (await wished({ ...wish, unheard }, engines.toSpliced(2, 1))) ?? {};
    assert.deepEqual(programs, { 'linux/amd64': word('x86'), 'linux/arm64': word('arm') });
  });

  it('is absent if nothing is wished', async () => {
    assert.equal(await wished({}, engines), undefined);
  });

  const another = [...engines.slice(0, 3), runs('pharmacy', 'linux/amd64', 'another')];
  for (const [what, [wish, at, argument]] of Object.entries<
    [EngineWish, readonly OperatorEngine[], string]
  >({
    'validators run different programs for a platform': [
      { blockGas: 40_000_000, height: AHEAD },
      another,
      '--engine',
    ],
    'the node knows no program': [{ blockGas: 40_000_000, height: AHEAD }, [], '--engine'],
    'a block has less gas than a transaction': [
      { blockGas: 2 ** 25 - 1, height: AHEAD },
      engines,
      '--block-gas',
    ],
    'a block has more gas than readers bound': [
      { blockGas: 60_000_001, height: AHEAD },
      engines,
      '--block-gas',
    ],
    'the window is too short': [{ absenceWindow: 999, height: AHEAD }, engines, '--absence-window'],
    'the window is too long': [
      { blockGas: 40_000_000, absenceWindow: 100_001, height: AHEAD },
      engines,
      '--absence-window',
    ],
    'a parameter has no block': [{ absenceWindow: 2000 }, engines, '--absence-window'],
    'gas has no block': [{ blockGas: 40_000_000 }, engines, '--block-gas'],
    'a program has no block': [
      { engine: [`linux/amd64=${word('next')}`], absenceWindow: 2000 },
      engines,
      '--engine',
    ],
    'a contract has no block': [{ admit: ['vitalRecords'] }, engines, '--admit'],
    'a block has no change': [{ height: AHEAD }, engines, '--height'],
  })) {
    it(`is refused if ${what}`, async () => {
      await assert.rejects(wished(wish, at), failsWith('ARGUMENT_INVALID', { argument }));
    });
  }
});
