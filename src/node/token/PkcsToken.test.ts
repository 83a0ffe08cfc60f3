import assert from 'node:assert/strict';
import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { bytesToHex, hexToBytes } from '../../crypto/bytes.ts';
import type { HeldKey } from '../../crypto/keys/SigningKey.ts';
import { recoverAddress } from '../../crypto/recoverAddress.ts';
import type { ErrorCode } from '../../errors/catalogue.ts';
import { openAuthorityKey, openOrganisationKeys } from '../../folder/organisationKeys.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { memoryFiles } from '../../folder/test/memoryFiles.ts';
import { signTransaction } from '../../ledger/signTransaction.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { scratchFolder } from '../test/scratchFolder.ts';
import { seededRandom } from '../test/testNetwork.ts';
import { PkcsToken } from './PkcsToken.ts';
import { makeFakeToken, type TestToken } from './test/startFakeToken.ts';
import { namedToken } from './TokenSettings.ts';

const primitives = await createNativePrimitives();
const DIGEST = primitives.sha256(Uint8Array.of(1, 2, 3));
/** Longer than any test of a token that answers takes. */
const LONG = 60_000;
let root: string;
let made = 0;
let token: PkcsToken;

before(async () => {
  root = await scratchFolder();
});
after(async () => await rm(root, { recursive: true }));
afterEach(async () => await token.close());

async function open(
  change: Partial<{ program: string; pin: string; patience: number }> = {},
): Promise<TestToken> {
  const fake = await makeFakeToken(join(root, String((made += 1))));
  token = new PkcsToken({ ...fake.settings, primitives, patience: LONG, ...change });
  return fake;
}

async function aKey(): Promise<HeldKey> {
  return token.key(await token.take('hospital', 'coordinator'));
}

function refuses(key: HeldKey, code: ErrorCode): void {
  assert.throws(() => key.sign(DIGEST), failsWith(code));
}

describe('a PKCS#11 token', () => {
  it('signs as a key in a folder does, whether or not its s is low', async () => {
    const fake = await open();
    const key = await aKey();
    const own = hexToBytes(`0x${'5a'.repeat(32)}`);
    for (const high of [false, true]) {
      await fake.is({ high });
      // The helper of the test is deterministic.
      assert.deepEqual(key.sign(DIGEST), primitives.sign(DIGEST, own));
      const other = primitives.sha256(Uint8Array.of(4));
      assert.equal(recoverAddress(primitives, other, key.sign(other)), key.address);
    }
    const transaction = { chainId: 1, nonce: 0, gas: 21_000, fee: 0n, data: '0x' } as const;
    assert.deepEqual(
      signTransaction(transaction, key, primitives),
      signTransaction(transaction, own, primitives),
    );
    assert.equal((await fake.starts()).length, 1);
  });

  // @actor who copied a node's folder, without its token | to sign as its organisation
  it('has the keys of an organisation, of which a folder has the names alone', async () => {
    await open();
    const [node, member] = [memoryFiles(), memoryFiles()];
    const ports = { primitives, random: seededRandom('token') };
    const held = { ...ports, token: { organisation: 'hospital', keys: token } };
    const keys = await openOrganisationKeys(node, held);
    const { address } = await openAuthorityKey(member, held);
    const written = (await readJsonFile(node, 'keys.json')) as Record<string, unknown>;
    const { publicKey } = written['coordinator'] as { publicKey: string };
    assert.deepEqual(written['coordinator'], { pkcs11: 'medseal-hospital-coordinator', publicKey });
    assert.deepEqual(written['sender'], { pkcs11: 'medseal-hospital-sender', publicKey });
    assert.deepEqual(await readJsonFile(member, 'keys.json'), {
      member: { pkcs11: 'medseal-hospital-member', publicKey },
    });
    assert.match(String(written['note']), /^0x[0-9a-f]{64}$/);
    const again = await openOrganisationKeys(node, held);
    assert.deepEqual(again.coordinator.address, keys.coordinator.address);
    assert.equal(address, keys.coordinator.address);
    // A copy of the folder without the token knows the address, and signs nothing.
    const copied = await openOrganisationKeys(node, ports);
    assert.equal(copied.coordinator.address, address);
    const { signingKey } = copied.coordinator;
    assert.ok('sign' in signingKey);
    refuses(signingKey, 'TOKEN_ABSENT');
  });

  for (const spoilt of [{ pkcs11: 'x' }, { pkcs11: 'x', publicKey: '0x04' }, { publicKey: 7 }]) {
    it(`has no key that a folder names as ${JSON.stringify(spoilt)}`, async () => {
      await open();
      const files = memoryFiles();
      await writeJsonFile(files, 'keys.json', { member: spoilt });
      const ports = { primitives, random: seededRandom('spoilt') };
      await assert.rejects(openAuthorityKey(files, ports), failsWith('FOLDER_FOREIGN'));
    });
  }

  it('has no keys but those of accounts: a seed that names a key of a token is refused', async () => {
    await open();
    const files = memoryFiles();
    const ports = { primitives, random: seededRandom('seed') };
    await openOrganisationKeys(files, ports);
    const written = (await readJsonFile(files, 'keys.json')) as object;
    const note = { pkcs11: 'note', publicKey: `0x04${'11'.repeat(64)}` };
    await writeJsonFile(files, 'keys.json', { ...written, note });
    await assert.rejects(openOrganisationKeys(files, ports), failsWith('FOLDER_FOREIGN'));
  });

  it('makes no key in the folder in its place if it fails', async () => {
    const fake = await open();
    await fake.is({ does: 'absent' });
    const files = memoryFiles();
    const keys = { organisation: 'hospital', keys: token };
    const ports = { primitives, random: seededRandom('none'), token: keys };
    await assert.rejects(openOrganisationKeys(files, ports), failsWith('TOKEN_ABSENT'));
    assert.equal(await files.size('keys.json'), undefined);
  });

  for (const [does, code] of [
    ['absent', 'TOKEN_ABSENT'],
    ['module', 'TOKEN_ABSENT'],
    ['pin', 'TOKEN_PIN_WRONG'],
    ['key', 'TOKEN_KEY_ABSENT'],
    ['unusable', 'TOKEN_KEY_UNUSABLE'],
    ['ends', 'TOKEN_ABSENT'],
    ['signsAnother', 'TOKEN_KEY_OTHER'],
    ['shortens', 'TOKEN_KEY_OTHER'],
    ['garbles', 'TOKEN_ABSENT'],
  ] as const) {
    it(`that ${does} fails with ${code}, signs nothing more, and goes on once it is well`, async () => {
      const fake = await open();
      const key = await aKey();
      token.use([key]);
      await fake.is({ does });
      refuses(key, code);
      const { fault } = token;
      assert.equal(fault?.code, code);
      // Not before a look found it well: what hangs would hang each signature.
      await fake.is({ does: 'signs' });
      refuses(key, code);
      if (does === 'pin') {
        // It does not try the same PIN again.
        await token.look();
        refuses(key, code);
        await fake.is({ pin: 'sun 5678' });
        await fake.writePin('sun 5678');
      }
      await token.look();
      assert.equal(token.fault, undefined);
      assert.equal(key.sign(DIGEST).length, 65);
    });
  }

  it('whose helper answers with broken hexadecimal for a key gives the folder no key', async () => {
    const fake = await open();
    await fake.is({ does: 'garbles' });
    await assert.rejects(aKey(), failsWith('TOKEN_ABSENT'));
  });

  it('that hangs fails with TOKEN_SILENT in its time, and its helper is ended', async () => {
    const fake = await open({ patience: 300 });
    await fake.is({ does: 'hangs' });
    const key = token.key({
      pkcs11: 'x',
      publicKey: bytesToHex(primitives.publicKey(hexToBytes(`0x${'5a'.repeat(32)}`))),
    });
    refuses(key, 'TOKEN_SILENT');
    refuses(key, 'TOKEN_SILENT');
    await token.look();
    assert.equal(token.fault?.code, 'TOKEN_SILENT');
  });

  it('whose helper answers with something else than JSON is silent', async () => {
    const fake = await open({ patience: 300 });
    await fake.is({ does: 'babbles' });
    await token.look();
    assert.equal(token.fault?.code, 'TOKEN_SILENT');
  });

  it('is asked by another helper after kill -9 of the first', async () => {
    const fake = await open();
    const key = await aKey();
    const [first = 0] = await fake.starts();
    process.kill(first, 'SIGKILL');
    // The end of a process is known a moment later, and is the fault of one signature at most.
    await token.look();
    await token.look();
    assert.equal(token.fault, undefined);
    assert.equal(key.sign(DIGEST).length, 65);
    assert.equal((await fake.starts()).length, 2);
  });

  // @actor who puts another token of the same name in its place | to have the node sign with another key
  it('with another key under the same label is told apart before it signs', async () => {
    const fake = await open();
    const key = await aKey();
    token.use([key]);
    await fake.is({ secret: `0x${'77'.repeat(32)}` });
    await token.look();
    assert.equal(token.fault?.code, 'TOKEN_KEY_OTHER');
    refuses(key, 'TOKEN_KEY_OTHER');
    await fake.is({ secret: `0x${'5a'.repeat(32)}` });
    await token.look();
    assert.equal(key.sign(DIGEST).length, 65);
  });

  // @actor who alters the file with the PIN | to lock the token by a node that tries a wrong one again and again
  it('gets a wrong PIN once, however often it is asked and its helper is started', async () => {
    const fake = await open();
    await fake.writePin('wrong');
    for (let round = 0; round < 4; round++) {
      await token.look();
      assert.equal(token.fault?.code, 'TOKEN_PIN_WRONG');
    }
    assert.deepEqual(await fake.wrongPins(), ['wrong']);
    await fake.writePin('wrong again');
    await token.look();
    assert.deepEqual(await fake.wrongPins(), ['wrong', 'wrong again']);
    await fake.writePin('moon 1234');
    await token.look();
    assert.equal(token.fault, undefined);
  });

  it('is not asked without its PIN: no file, or one that others can read', async () => {
    const fake = await open({ pin: join(root, 'nowhere') });
    await token.look();
    assert.equal(token.fault?.code, 'TOKEN_PIN_WRONG');
    await token.close();
    const shared = join(root, 'shared');
    await writeFile(shared, 'moon 1234\n');
    await chmod(shared, 0o644);
    token = new PkcsToken({ ...fake.settings, pin: shared, primitives, patience: LONG });
    await token.look();
    assert.equal(token.fault?.code, 'TOKEN_PIN_WRONG');
    assert.deepEqual(await fake.starts(), []);
  });

  it('without its helper says so', async () => {
    await open({ program: join(root, 'no-helper') });
    await token.look();
    assert.match(token.fault?.message ?? '', /there is no program .*no-helper/);
  });

  it('shows callers of the node neither its module’s words nor a path, and nobody its PIN', async () => {
    const fake = await open();
    const key = await aKey();
    for (const does of ['absent', 'module', 'pin'] as const) {
      await fake.is({ does });
      await token.look();
      assert.match(token.fault?.message ?? '', /as the test says/);
      assert.throws(
        () => key.sign(DIGEST),
        (error: Error) => !/as the test says|\//.test(error.message),
      );
    }
    const shown = inspect([token, token.fault, key], { depth: Infinity, showHidden: true });
    assert.doesNotMatch(shown, /moon|1234/);
  });
});

describe('the settings of a token', () => {
  const whole = { module: '/m.so', token: 'hospital', pin: 'pin' };
  const rest = { label: 'medseal', program: 'medseal-pkcs11' };

  it('name it whole, or not at all', () => {
    assert.equal(namedToken(rest), undefined);
    assert.deepEqual(namedToken({ ...whole, ...rest }), { ...whole, ...rest });
    for (const left of ['module', 'token', 'pin'] as const) {
      const { [left]: _left, ...part } = whole;
      assert.throws(() => namedToken({ ...part, ...rest }), failsWith('CONFIGURATION_INVALID'));
      assert.throws(
        () => namedToken({ [left]: whole[left], ...rest }),
        failsWith('CONFIGURATION_INVALID'),
      );
    }
  });
});
