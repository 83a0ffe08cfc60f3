import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bytesToUtf8, hexToBytes } from '../../crypto/bytes.ts';
import type { Outgoing } from '../../ledger/openSender.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import type { EngineUpgrade } from '../../protocol/network/engineUpgrade.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { codesOfContracts } from './contractsOfCodes.ts';
import type { EnginePrograms } from './EnginePrograms.ts';
import type { Presence } from './Presence.ts';
import type { ProgramsTold } from './ProgramsTold.ts';
import { stateUpgrade, UPGRADES } from './stateUpgrade.ts';
import { upgradeStatement } from './upgradeStatement.ts';
import { validatorKeysOf } from './validatorKeys.ts';

const program = { version: '0.2.0', sha256: word('old'), platform: 'linux/amd64' };
const upgrade: EngineUpgrade = { height: 70, programs: { 'linux/amd64': word('next') } };
const other: EngineUpgrade = { height: 60, programs: { 'linux/amd64': word('third') } };
const primitives = portablePrimitives;
const codes = codesOfContracts(['vitalRecords', 'claims'], portablePrimitives);
const admitting: EngineUpgrade = { ...upgrade, codes };
const foreign: EngineUpgrade = { ...upgrade, codes: [{ length: 9, hash: word('code') }] };
const seeds = { validator: new Uint8Array(32).fill(1), node: new Uint8Array(32).fill(2) };
const keys = validatorKeysOf(seeds, primitives);
const state = (plan: EngineUpgrade, block: number): string =>
  upgradeStatement({ chain: 'medseal-chain', keys, primitives }, plan, block);
const own = { organisation: 'hospital', key: keys.key };
const voter = { ...own, power: 10, missed: 0, aside: false, out: false };
const none: ProgramsTold['upgrades'] = { statements: [] };

interface Case {
  readonly height?: number;
  readonly behind?: boolean;
  readonly validators?: Presence['validators'];
  readonly holds?: boolean;
  readonly named?: EngineUpgrade | undefined;
  readonly upgrades?: ProgramsTold['upgrades'] | undefined;
}

async function sent(given: Case): Promise<readonly Outgoing[]> {
  const { height = 50, behind = false, holds = true, validators = [voter] } = given;
  const outgoing: Outgoing[] = [];
  const sender = {
    send: async (each: Outgoing) => {
      outgoing.push(each);
      return await Promise.resolve({} as never);
    },
  };
  const programs = { hold: async () => await Promise.resolve(holds) } as unknown as EnginePrograms;
  const presence = { height, behind, peers: 3, window: 100, mostMissed: 95, validators };
  const upgrades = 'upgrades' in given ? given.upgrades : none;
  const told = upgrades && { program, others: [], silent: [], upgrades };
  await stateUpgrade({
    validator: { key: keys.key, pid: 1, presence, programs, state, told },
    upgrade: 'named' in given ? given.named : upgrade,
    sender,
    primitives,
    log: { info: () => undefined },
  });
  return outgoing;
}

describe('the statement that an organisation holds the program of an upgrade', () => {
  it('is sent to where the engine hears it, in the one form', async () => {
    const [first = assert.fail(), ...more] = await sent({});
    assert.equal(more.length, 0);
    assert.equal(first.to, UPGRADES);
    assert.equal(UPGRADES, '0x000000006d65647365616c2e7570677261646573');
    const text = bytesToUtf8(hexToBytes(first.data));
    assert.equal(text, state(upgrade, 50));
    const plan = `{"height":70,"programs":{"linux/amd64":"${word('next')}"}}`;
    assert.ok(text.startsWith(`{"key":"${keys.key}","block":50,"plan":${plan},"signature":"0x`));
  });

  for (const [what, given] of Object.entries<Case>({
    'another plan was stated before': { upgrades: { statements: [{ ...own, plan: other }] } },
    'only another organisation stated it': {
      upgrades: {
        statements: [{ organisation: 'insurer', key: word('insurer'), plan: upgrade }],
      },
    },
    'only the former key of the organisation stated it': {
      upgrades: { statements: [{ ...own, key: word('former'), plan: upgrade }] },
    },
    'the validator is set aside': { validators: [{ ...voter, power: 0, aside: true }] },
    'the block after the next one is the upgrade’s': { height: 68 },
    'this version creates contracts by all codes that it names': {
      named: admitting,
      upgrades: { ...none, codes: [] },
    },
    'the same upgrade was stated without its codes': {
      named: admitting,
      upgrades: { statements: [{ ...own, plan: upgrade }], codes: [] },
    },
  })) {
    it(`is sent if ${what}`, async () => assert.equal((await sent(given)).length, 1));
  }

  for (const [what, given] of Object.entries<Case>({
    'no upgrade is named': { named: undefined },
    'the program is not here': { holds: false },
    'it was stated': { upgrades: { statements: [{ ...own, plan: upgrade }] } },
    'the validator is behind': { behind: true },
    'the key was replaced': { validators: [{ ...voter, key: word('another') }] },
    'the key is out for good': { validators: [{ ...voter, power: 0, out: true }] },
    'the next block is the upgrade’s': { height: 69 },
    'its block is past': { height: 70 },
    'its block is long past': { height: 900 },
    'the engine knows nothing of upgrades': { upgrades: undefined },
    'the engine takes no further codes': { named: admitting },
    'it names a code by which this version creates no contract': {
      named: foreign,
      upgrades: { ...none, codes: [] },
    },
    'one of its codes creates no contract of this version': {
      named: { ...upgrade, codes: [...codes, ...(foreign.codes ?? [])] },
      upgrades: { ...none, codes: [] },
    },
    'it was stated with its codes': {
      named: admitting,
      upgrades: { statements: [{ ...own, plan: admitting }], codes: [] },
    },
  })) {
    it(`is not sent if ${what}`, async () => assert.deepEqual(await sent(given), []));
  }
});
