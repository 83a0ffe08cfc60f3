import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { channelCodes, furtherCodes } from '../../bindings/contractCreations.ts';
import { validatorsBytecode } from '../../bindings/generated/validatorsBytecode.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import type { ContractCode } from '../../protocol/network/engineUpgrade.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import { consortium } from '../../protocol/test/sampleConsortium.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { word } from '../../protocol/test/sampleNetwork.ts';
import { codesOfContracts, contractsOfCodes } from './contractsOfCodes.ts';
import { codesOf } from './engineTermsOf.ts';
import type { ProgramsTold } from './ProgramsTold.ts';
import { requireCodes, requireTaken } from './requireCodes.ts';

const program = { version: '0.2.0', sha256: word('engine'), platform: 'linux/amd64' };
/** Codes that an earlier version had. */
const before = codesOf(channelCodes.slice(0, 4), primitives);
const [vitalRecords = assert.fail()] = codesOfContracts(['vitalRecords'], primitives);
const pair = codesOfContracts(['settlement', 'claims'], primitives);

const nodeOf = (name: string): string =>
  presentNodes(consortium).find(({ organisation }) => organisation === name)?.validator?.node ??
  assert.fail();

/** A validator whose ledger takes codes, with connected ones that run versions of the engine. */
function validatorOf(
  codes: readonly ContractCode[] | undefined,
  versions: Readonly<Record<string, string>> = {},
): { readonly told: ProgramsTold } {
  const others = Object.entries(versions).map(([node, version]) => ({ node, ...program, version }));
  return {
    told: { program, others, silent: [], upgrades: { statements: [], ...(codes && { codes }) } },
  };
}

function examine(
  codes: readonly ContractCode[] | undefined,
  validator: Parameters<typeof requireCodes>[0] = validatorOf(before),
  unheard: readonly string[] = [],
): ReturnType<typeof requireCodes> {
  return requireCodes(validator, { ...asked(codes), unheard }, primitives);
}

function asked(codes: readonly ContractCode[] | undefined): Parameters<typeof requireCodes>[1] {
  const engine = { height: 700, programs: { 'linux/amd64': program.sha256 } };
  return { predecessor: consortium, successor: { engine: { ...engine, ...(codes && { codes }) } } };
}

describe('codes that an upgrade names, before an organisation signs it', () => {
  // @attack a change names code of its author's own, by a hash that nobody can read | nodes sign only codes by which their version creates a care contract: `SUCCESSOR_INVALID`
  it('are refused by a node that creates no care contract by one of them', () => {
    for (const codes of [
      [{ length: 900, hash: word('code') }],
      // Another length.
      [{ ...vitalRecords, length: vitalRecords.length - 1 }],
      // One byte, by which each code begins.
      codesOf([furtherCodes.claims.slice(0, 4) as `0x${string}`], primitives),
      codesOf([validatorsBytecode], primitives),
      // The code of a Registry.
      before.slice(0, 1),
      [vitalRecords, { length: 9, hash: word('code') }],
    ]) {
      assert.throws(() => examine(codes), {
        code: 'SUCCESSOR_INVALID',
        message: /this version of Medseal creates no contract/,
      });
    }
  });

  it('are refused if the ledger takes one of them already', () => {
    const [prescriptions = assert.fail()] = codesOfContracts(['prescriptions'], primitives);
    for (const codes of [[prescriptions], [vitalRecords, prescriptions]]) {
      assert.throws(() => examine(codes), {
        code: 'SUCCESSOR_INVALID',
        message: /takes the code of prescriptions already/,
      });
    }
  });

  it('are refused by a node whose engine takes none, or that runs none', () => {
    for (const validator of [validatorOf(undefined), { told: undefined }, undefined] as const) {
      assert.throws(() => requireCodes(validator, asked([vitalRecords]), primitives), {
        code: 'SUCCESSOR_INVALID',
        message: /upgrade the engine first/,
      });
    }
  });

  // An engine that does not know codes parts from the others by the first statement.
  it('are refused while a validator runs another version of the engine, with its organisation', () => {
    const mixed = validatorOf(before, {
      [nodeOf('laboratory')]: '0.2.0',
      [nodeOf('insurer')]: '0.1.9',
    });
    assert.throws(() => examine([vitalRecords], mixed), {
      code: 'SUCCESSOR_INVALID',
      message: /engine of insurer is/,
    });
    assert.throws(
      () => examine([vitalRecords], mixed, ['laboratory']),
      failsWith('SUCCESSOR_INVALID'),
    );
    assert.deepEqual(examine([vitalRecords], mixed, ['insurer']), ['vitalRecords']);
    // A stranger can connect too, and say anything.
    assert.deepEqual(examine([vitalRecords], validatorOf(before, { ['ab'.repeat(20)]: '9' })), [
      'vitalRecords',
    ]);
  });

  it('are shown as the contracts that this version creates by them, in their order', () => {
    assert.deepEqual(examine([vitalRecords]), ['vitalRecords']);
    assert.deepEqual([...examine(pair)].toSorted(), ['claims', 'settlement']);
    assert.deepEqual(
      contractsOfCodes(pair.toReversed(), primitives),
      [...examine(pair)].toReversed(),
    );
    assert.deepEqual(examine(undefined, undefined), []);
    assert.deepEqual(
      requireCodes(undefined, { predecessor: consortium, successor: {} }, primitives),
      [],
    );
  });
});

describe('contracts that are to be created', () => {
  it('are not sent to a ledger that takes no creation of one of them, or of its partner', () => {
    for (const [wanted, named] of [
      [['vitalRecords'], 'vitalRecords'],
      [['prescriptions', 'vitalRecords'], 'vitalRecords'],
      [['settlement'], 'settlement --admit claims'],
    ] as const) {
      assert.throws(() => requireTaken(validatorOf(before), wanted, primitives), {
        code: 'ARGUMENT_INVALID',
        message: new RegExp(`--admit ${named} and`),
      });
    }
    requireTaken(validatorOf(before), ['prescriptions'], primitives);
    requireTaken(validatorOf([...before, vitalRecords]), ['vitalRecords'], primitives);
  });

  it('are left to the ledger if no validator says which it takes', () => {
    requireTaken(undefined, ['claims'], primitives);
    requireTaken(validatorOf(undefined), ['claims'], primitives);
  });
});
