import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { EngineUpgrade } from '../../protocol/network/engineUpgrade.ts';
import { PLATFORM_HERE } from './platforms.ts';
import type { ProgramsTold } from './ProgramsTold.ts';
import { LEAST_BLOCKS_AHEAD, MOST_BLOCKS_AHEAD, requireUpgrade } from './requireUpgrade.ts';

const NEWEST = 1000;
const next = { [PLATFORM_HERE]: word('next') };
const at = (height: number, programs: EngineUpgrade['programs'] = next): EngineUpgrade => ({
  height,
  programs,
});
const program = { version: '0.2.0', sha256: word('old'), platform: PLATFORM_HERE };
const others = [1, 2, 3].map((each) => ({ node: `${each}`.repeat(40), ...program }));
const presence = {
  height: NEWEST,
  behind: false,
  peers: 3,
  window: 100,
  mostMissed: 95,
  validators: [],
};
const told: ProgramsTold = { program, others, silent: [], upgrades: { statements: [] } };
const validator = { presence, told };

const nodeOf = (name: string): string =>
  presentNodes(consortium).find(({ organisation }) => organisation === name)?.validator?.node ??
  assert.fail();

/** The validator, with connected ones of organisations that do not say their program. */
const silent = (...names: readonly string[]): typeof validator => ({
  presence,
  told: { ...told, silent: names.map(nodeOf) },
});

describe('an upgrade of the engine, before an organisation signs it', () => {
  it('is taken if the validator can follow', () => {
    requireUpgrade(validator, {}, { engine: at(NEWEST + LEAST_BLOCKS_AHEAD) });
    requireUpgrade(validator, {}, { engine: at(NEWEST + MOST_BLOCKS_AHEAD) });
    const both = { [PLATFORM_HERE]: program.sha256, 'plan9/mips': word('next') };
    requireUpgrade(validator, {}, { engine: at(NEWEST + 500, both) });
    requireUpgrade(undefined, {}, {});
  });

  const later = at(NEWEST + 500);
  for (const [what, [upgrade, by]] of Object.entries<
    readonly [EngineUpgrade, Parameters<typeof requireUpgrade>[0]?]
  >({
    'its block is past': [at(NEWEST - 1), validator],
    'its block is the newest': [at(NEWEST), validator],
    'its block is too near': [at(NEWEST + LEAST_BLOCKS_AHEAD - 1), validator],
    'its block is years away': [at(NEWEST + MOST_BLOCKS_AHEAD + 1), validator],
    'it has no program for this machine': [
      at(NEWEST + 500, { 'plan9/mips': word('x') }),
      validator,
    ],
    'its program runs already': [at(NEWEST + 500, { [PLATFORM_HERE]: word('old') }), validator],
    'the node runs no validator': [later, undefined],
    'the validator tells nothing yet': [later, { told, presence: undefined }],
    'the validator is behind': [later, { told, presence: { ...presence, behind: true } }],
    'the engine knows nothing of upgrades': [later, { presence, told: undefined }],
  })) {
    it(`is refused if ${what}`, () => {
      assert.throws(
        () => requireUpgrade(by, {}, { engine: upgrade }),
        failsWith('SUCCESSOR_INVALID'),
      );
    });
  }

  it('is taken with the program that runs if it changes parameters, or names codes', () => {
    const engine = { ...later, programs: { [PLATFORM_HERE]: program.sha256 } };
    requireUpgrade(validator, {}, { engine: { ...engine, parameters: { blockGas: 40_000_000 } } });
    const codes = [{ length: 900, hash: word('code') }];
    requireUpgrade(validator, {}, { engine: { ...engine, codes } });
    assert.throws(
      () => requireUpgrade(validator, {}, { engine }),
      failsWith('SUCCESSOR_INVALID', { reason: 'the program that it names runs already' }),
    );
  });

  // @actor a validator of the network | says its program in another form, so that nobody signs an upgrade
  it('is refused while a validator does not say its program, with its name', () => {
    assert.throws(
      () => requireUpgrade(silent('insurer', 'laboratory'), consortium, { engine: later }),
      (error: Error) =>
        /--unheard insurer --unheard laboratory|laboratory.*insurer/.test(error.message),
    );
    for (const unheard of [[], ['laboratory'], ['hospital', 'mallory']]) {
      assert.throws(
        () => requireUpgrade(silent('insurer'), consortium, { engine: later }, unheard),
        failsWith('SUCCESSOR_INVALID'),
      );
    }
  });

  it('is taken although one does not say it if the operator names that one, or if it is a stranger', () => {
    requireUpgrade(silent('insurer'), consortium, { engine: later }, ['insurer']);
    const stranger = { presence, told: { ...told, silent: ['ab'.repeat(20)] } };
    requireUpgrade(stranger, consortium, { engine: later });
    requireUpgrade({ presence: { ...presence, peers: 9 }, told }, consortium, { engine: later });
  });
});
