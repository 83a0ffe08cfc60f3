import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { portablePrimitives } from '../../crypto/portablePrimitives.ts';
import { upgradeStatement } from './upgradeStatement.ts';
import { validatorKeysOf } from './validatorKeys.ts';

const primitives = portablePrimitives;
const seeds = { validator: new Uint8Array(32).fill(1), node: new Uint8Array(32).fill(2) };
const signer = { chain: 'medseal-chain', keys: validatorKeysOf(seeds, primitives), primitives };
const plan = { height: 70, programs: { 'linux/amd64': `0x07${'00'.repeat(31)}` } } as const;

describe('a statement that a validator signs', () => {
  it('has the text that the engine reads, as its own test has it', () => {
    assert.equal(
      upgradeStatement(signer, plan, 50),
      '{"key":"0x8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c","block":50,"plan":{"height":70,"programs":{"linux/amd64":"0x0700000000000000000000000000000000000000000000000000000000000000"}},"signature":"0xc2477a392ec542dd8f324a28c71066f93f79d58be0c3072928fd001769c8a4c4422b82b6aa0fc0d8e9eac9c538993ef90593f0b62972962f5f6f79b582dde708"}',
    );
  });

  it('has the codes in the text that the engine reads, as its own test has it', () => {
    const codes = [{ length: 900, hash: `0x08${'00'.repeat(31)}` }] as const;
    assert.equal(
      upgradeStatement(signer, { ...plan, codes }, 50),
      '{"key":"0x8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c","block":50,"plan":{"height":70,"programs":{"linux/amd64":"0x0700000000000000000000000000000000000000000000000000000000000000"},"codes":[{"length":900,"hash":"0x0800000000000000000000000000000000000000000000000000000000000000"}]},"signature":"0xd47b8af29a397fd466f89bce1886b33a57caf458cef9638da20eee6efbb4b2c1dcaa2b64bba16b2fd0eb22bc5cf4c8bba080d94d4cb2a89dccd7200fdf8e780c"}',
    );
  });

  it('is signed over purpose, chain, block and plan', () => {
    const text = upgradeStatement(signer, plan, 50);
    const { key, plan: stated, signature } = JSON.parse(text) as Record<string, `0x${string}`>;
    const verifies = (message: string): boolean =>
      primitives.verifyEd25519(
        utf8ToBytes(message),
        hexToBytes(signature ?? '0x'),
        hexToBytes(key ?? '0x'),
      );
    const message = `medseal engine upgrade\nmedseal-chain\n50\n${JSON.stringify(stated)}`;
    assert.equal(verifies(message), true);
    for (const [one, other] of [
      ['medseal-chain', 'medseal-other'],
      ['\n50\n', '\n51\n'],
      ['70', '71'],
      ['0x07', '0x08'],
      ['engine upgrade', 'engine'],
    ] as const) {
      assert.equal(verifies(message.replace(one, other)), false);
    }
  });
});
