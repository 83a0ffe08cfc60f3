import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ZERO32 } from '../ids.ts';
import { SUCCESSOR } from '../shapes/answerShapes.ts';
import { consortium, FROM } from '../test/sampleConsortium.ts';
import { failsWith } from '../test/failsWith.ts';
import { context, network as atOneNode, word } from '../test/sampleNetwork.ts';
import { fileOf, seatsOf, signedBy, termsOf } from '../test/sampleSuccessors.ts';
import { findShapeError } from '../wire/findShapeError.ts';
import { countSuccessor, requireSuccessor } from './countSuccessor.ts';
import {
  isEngineUpgrade,
  isSameUpgrade,
  upgradeText,
  type EngineUpgrade,
} from './engineUpgrade.ts';
import { followSuccessors } from './followSuccessors.ts';
import type { NetworkFile } from './NetworkFile.ts';
import { parseNetworkFile } from './parseNetworkFile.ts';
import { draftSuccessor, signSuccessor } from './signSuccessor.ts';
import type { Successor } from './Successor.ts';

const QUORUM = ['hospital', 'laboratory', 'insurer'];
const [amd64, arm64] = [word('engine for amd64'), word('engine for arm64')];
/** Codes in the one form: ascending by their hashes. */
const codes = ['code', 'another code', 'a third code']
  .map((name) => ({ length: 900, hash: word(name) }))
  .toSorted((one, other) => (one.hash < other.hash ? -1 : 1));
const [code = assert.fail()] = codes;
const engine: EngineUpgrade = {
  height: 700,
  programs: { 'linux/arm64': arm64, 'linux/amd64': amd64 },
};

function upgrading(upgrade: EngineUpgrade, of: NetworkFile = consortium, from = FROM): Successor {
  return signedBy(of, { ...termsOf(of, from), engine: upgrade }, QUORUM);
}

function refuses(upgrade: unknown, reason: string, of: NetworkFile = consortium): void {
  const given = { ...upgrading(engine, consortium), engine: upgrade } as Successor;
  const draft = draftSuccessor(context, of, { ...termsOf(of, FROM + 1), engine });
  const value = of === consortium ? given : { ...draft, engine: upgrade as EngineUpgrade };
  assert.throws(
    () => countSuccessor(context, of, value),
    failsWith('SUCCESSOR_INVALID', { reason }),
  );
}

describe('a successor that upgrades the engine', () => {
  it('makes a file with the upgrade, which later files keep', () => {
    const successor = upgrading(engine);
    const [, file = assert.fail()] = followSuccessors(context, consortium, fileOf(successor));
    assert.deepEqual(file.engine, engine);
    assert.equal(findShapeError(SUCCESSOR, successor, 'it'), undefined);
    const later = signedBy(file, termsOf(file, FROM + 1), QUORUM);
    assert.deepEqual(requireSuccessor(context, file, later).engine, engine);
  });

  it('takes the quorums of the authority and of the coordinators', () => {
    const draft = draftSuccessor(context, consortium, { ...termsOf(consortium, FROM), engine });
    const offices = countSuccessor(context, consortium, draft).missing.map(({ office }) => office);
    assert.deepEqual(offices, ['the authority', 'the coordinators of care']);
    const members = QUORUM.flatMap((name) => seatsOf(name).slice(0, 1));
    const half = signSuccessor(context, consortium, draft, members);
    assert.throws(
      () => requireSuccessor(context, consortium, half),
      failsWith('SUCCESSOR_INVALID'),
    );
  });

  // @attack somebody puts another program into a signed upgrade | the signatures are over the file that it makes: `SUCCESSOR_INVALID`
  it('is signed with its block and each program', () => {
    const successor = upgrading(engine);
    for (const other of [
      { ...engine, height: 701 },
      { ...engine, programs: { ...engine.programs, 'linux/amd64': arm64 } },
      { ...engine, programs: { 'linux/amd64': amd64 } },
      { ...engine, programs: { ...engine.programs, 'linux/riscv64': amd64 } },
      { ...engine, parameters: { blockGas: 40_000_000 } },
      { ...engine, codes },
    ]) {
      const altered = { ...successor, engine: other };
      assert.throws(
        () => requireSuccessor(context, consortium, altered),
        failsWith('SUCCESSOR_INVALID'),
      );
    }
    const { engine: _engine, ...without } = successor;
    assert.throws(
      () => requireSuccessor(context, consortium, without),
      failsWith('SUCCESSOR_INVALID'),
    );
  });

  // @attack a signed upgrade names a wrong program | the same quorums replace it before its block
  it('replaces the one before it, at any other block or of other programs', () => {
    const [, file = assert.fail()] = followSuccessors(
      context,
      consortium,
      fileOf(upgrading(engine)),
    );
    refuses(engine, 'it names the upgrade of the engine that is there', file);
    for (const other of [
      { ...engine, height: 699 },
      { ...engine, height: 701 },
      { ...engine, programs: { 'linux/amd64': arm64 } },
      { ...engine, parameters: { absenceWindow: 2000 } },
      { ...engine, codes },
    ]) {
      const next = upgrading(other, file, FROM + 1);
      assert.deepEqual(requireSuccessor(context, file, next).engine, other);
    }
  });

  it('is for a network whose validators hold its ledger', () => {
    refuses(engine, 'it upgrades the engine, and the network has no validators', atOneNode);
  });

  it('is refused if the engine could not be told of it', () => {
    const many = Object.fromEntries(
      Array.from({ length: 9 }, (_, each) => [`linux/${each}`, amd64]),
    );
    for (const [what, upgrade] of Object.entries({
      'the first block': { ...engine, height: 1 },
      'no block': { programs: engine.programs },
      'no program': { ...engine, programs: {} },
      'nine platforms': { ...engine, programs: many },
      'an empty hash': { ...engine, programs: { 'linux/amd64': ZERO32 } },
      'a short hash': { ...engine, programs: { 'linux/amd64': '0x01' } },
      'no platform': { ...engine, programs: { linux: amd64 } },
      'one field more': { ...engine, url: 'https://programs.example' },
      'no parameter': { ...engine, parameters: {} },
      'an unknown parameter': { ...engine, parameters: { blockBytes: 1000 } },
      'too little gas': { ...engine, parameters: { blockGas: 2 ** 25 - 1 } },
      'more gas than readers bound': { ...engine, parameters: { blockGas: 60_000_001 } },
      'too short a window': { ...engine, parameters: { absenceWindow: 999 } },
      'too long a window': { ...engine, parameters: { blockGas: 2 ** 25, absenceWindow: 100_001 } },
      'a part of a block': { ...engine, parameters: { absenceWindow: 2000.5 } },
      'no code': { ...engine, codes: [] },
      'nine codes': {
        ...engine,
        codes: Array.from({ length: 9 }, (_, each) => ({
          length: 900,
          hash: `0x${String(each + 1).padStart(64, '0')}`,
        })),
      },
      'codes in another order': { ...engine, codes: codes.toReversed() },
      'a code twice': { ...engine, codes: [code, code] },
      'a hash with two lengths': { ...engine, codes: [code, { ...code, length: 901 }] },
      'an empty code': { ...engine, codes: [{ ...code, length: 0 }] },
      'a longer code than creates contracts': { ...engine, codes: [{ ...code, length: 49_153 }] },
      'a part of a byte': { ...engine, codes: [{ ...code, length: 9.5 }] },
      'a code without a hash': { ...engine, codes: [{ ...code, hash: ZERO32 }] },
      'a code of one field more': { ...engine, codes: [{ ...code, contract: 'claims' }] },
    })) {
      assert.equal(isEngineUpgrade(upgrade), false, what);
      refuses(upgrade, 'its upgrade of the engine is malformed');
      const file = { ...consortium, engine: upgrade };
      assert.throws(() => parseNetworkFile(file), failsWith('NETWORK_FILE_INVALID'), what);
    }
    for (const each of [engine, { ...engine, codes }]) {
      assert.deepEqual(parseNetworkFile({ ...consortium, engine: each }).engine, each);
    }
  });
});

describe('an upgrade in the form that the ledger takes', () => {
  it('has its platforms in order, so that all organisations state the same bytes', () => {
    const text = `{"height":700,"programs":{"linux/amd64":"${amd64}","linux/arm64":"${arm64}"}}`;
    assert.equal(upgradeText(engine), text);
    const sorted = { programs: { 'linux/amd64': amd64, 'linux/arm64': arm64 }, height: 700 };
    assert.equal(isSameUpgrade(engine, sorted), true);
    assert.equal(isSameUpgrade(engine, { ...sorted, height: 701 }), false);
    assert.equal(isSameUpgrade(engine, undefined), false);
    const parameters = { absenceWindow: 2000, blockGas: 40_000_000 };
    const stated = upgradeText({ ...engine, parameters });
    assert.ok(stated.endsWith('},"parameters":{"blockGas":40000000,"absenceWindow":2000}}'));
    assert.equal(isSameUpgrade(engine, { ...sorted, parameters }), false);
    const turned = codes.map(({ length, hash }) => ({ hash, length }));
    const all = upgradeText({ ...engine, codes: turned, parameters });
    const written = codes.map(({ length, hash }) => `{"length":${length},"hash":"${hash}"}`);
    assert.ok(all.endsWith(`"absenceWindow":2000},"codes":[${written.join()}]}`));
    assert.equal(isSameUpgrade({ ...engine, codes }, { ...sorted, codes: turned }), true);
    assert.equal(isSameUpgrade(engine, { ...sorted, codes }), false);
    assert.equal(isSameUpgrade({ ...engine, codes: [code] }, { ...sorted, codes }), false);
  });
});
