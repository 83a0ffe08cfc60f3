import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inspect } from 'node:util';
import { base64 } from '@scure/base';
import { readPatientState } from '../client/state/PatientState.ts';
import { readChart } from '../client/records/readChart.ts';
import { bytesToHex } from '../crypto/bytes.ts';
import type { PartyKeys } from '../crypto/keys/PartyKeys.ts';
import { signDigest, type SigningKey } from '../crypto/keys/SigningKey.ts';
import { seedToPhrase } from '../crypto/keys/phrase.ts';
import { createNoteKey } from '../crypto/note/NoteKey.ts';
import { primitives } from '../protocol/test/sampleNetwork.ts';
import { memoryFiles } from '../folder/test/memoryFiles.ts';
import { lockKeys } from '../folder/keyGuard.ts';
import { readKeystore, writeKey } from '../device/keystore.ts';
import { openAuthorityKey, openOrganisationKeys } from '../folder/organisationKeys.ts';
import { scratchFolder } from './test/scratchFolder.ts';
import {
  seededRandom,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from './test/testNetwork.ts';

let network: TestNetwork;
let care: Care;
before(async () => {
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
});
after(async () => await network.close());

/** A secret in every form that it might be shown in. */
function formsOf(secret: SigningKey): readonly string[] {
  const bytes = bytesOf(secret);
  const buffer = Buffer.from(bytes);
  return [
    bytesToHex(bytes).slice(2),
    bytesToHex(bytes).slice(2).toUpperCase(),
    base64.encode(bytes),
    buffer.toString('base64url'),
    // Arrays, views and Buffers, as JSON and an inspection write them.
    [...bytes.subarray(0, 6)].join(','),
    [...bytes.subarray(0, 6)].join(', '),
    [...bytes.subarray(0, 6)].map((byte, at) => `"${at}":${byte}`).join(','),
    [...bytes.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
  ];
}

/** The bytes of a secret in a folder. */
function bytesOf(secret: SigningKey): Uint8Array {
  return secret instanceof Uint8Array ? Uint8Array.from(secret) : assert.fail();
}

/** All that printing it shows, however it is done. */
function shown(value: object): string {
  const deep = { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity } as const;
  return [
    inspect(value, { ...deep, breakLength: Infinity, compact: true }),
    inspect({ ...value }, { ...deep, showHidden: true, breakLength: Infinity }),
    inspect([value], { ...deep, getters: true, breakLength: Infinity }),
    `${JSON.stringify(value, skipCycles())} ${JSON.stringify({ ...value }, skipCycles())}`,
    Object.values(value)
      .filter((each) => typeof each === 'string' || each instanceof Uint8Array)
      .map(String)
      .join(' '),
  ].join('\n');
}

function skipCycles(): (key: string, value: unknown) => unknown {
  const seen = new Set<unknown>();
  return (_key, value) => {
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return value;
    if (seen.has(value)) return undefined;
    seen.add(value);
    return value;
  };
}

function hides(value: object, secrets: readonly string[]): void {
  const said = shown(value);
  for (const secret of secrets) assert.ok(!said.includes(secret), secret.slice(0, 8));
}

function secretsOf(keys: Pick<PartyKeys, 'seed' | 'signingKey' | 'identity'>): readonly string[] {
  const phrase = seedToPhrase(keys.seed());
  return [...formsOf(keys.seed()), ...formsOf(keys.signingKey()), keys.identity(), phrase];
}

describe('secrets', () => {
  it('are found by this test where they are shown', () => {
    const seed = care.doctor.keys.seed();
    const [hex = ''] = formsOf(seed);
    for (const open of [{ seed }, { seed: [...seed] }, { seed: Buffer.from(seed) }, { hex }]) {
      assert.throws(() => hides(open, formsOf(seed)));
    }
  });

  // @attack a log of a party's object shows seed and keys | they are private fields
  it('of a party are in nothing that is printed, inspected, serialised or spread', () => {
    for (const party of [care.doctor, care.patient]) {
      hides(party, secretsOf(party.keys));
      hides({ ...party }, secretsOf(party.keys));
      hides(party.keys, secretsOf(party.keys));
    }
  });

  it('of a chart, and of what is thrown with a party in it, are not there either', async () => {
    const { doctor, handle, right } = care;
    const chart = await readChart(doctor, { handle, grant: right.grant, purpose: 'TREAT' });
    hides(chart, secretsOf(doctor.keys));
    hides(
      Object.assign(new Error('failed', { cause: doctor }), { doctor }),
      secretsOf(doctor.keys),
    );
    assert.doesNotMatch(shown(chart), /AGE-SECRET-KEY/);
  });

  it('of a patient’s device and of a demonstration’s key are not printed, also once they are spread', async () => {
    const state = await readPatientState(care.patient);
    const keys = Object.values(state.keyring.keys).flatMap((each) => Object.values(each));
    const secrets = [state.salt, state.patientId, ...keys.map(String)];
    assert.ok(secrets.length > 3);
    const next = { ...state, revision: state.revision + 1 };
    for (const each of [
      state,
      next,
      [state],
      { state },
      state.keyring,
      new Error('x', { cause: next }),
    ]) {
      const said = inspect(each, { depth: Infinity, maxArrayLength: Infinity, showHidden: true });
      assert.match(said, /\[secret\]/);
      for (const secret of secrets) assert.ok(!said.includes(secret));
    }
    assert.deepEqual(JSON.parse(JSON.stringify(state)), {
      ...JSON.parse(JSON.stringify(next)),
      revision: state.revision,
    });

    const seed = `0x${'5a'.repeat(32)}` as const;
    const path = await scratchFolder();
    await writeKey(path, {
      format: 'medseal-key/1',
      demo: true,
      name: 'anna',
      address: care.patient.address,
      seed,
    });
    const [key] = await readKeystore(path, { demo: true });
    assert.ok(key?.demo);
    assert.equal(key.seed, seed);
    assert.ok(!inspect({ ...key }, { showHidden: true }).includes('5a5a'));
  });

  it('of whatever runs are in nothing that it prints', async () => {
    const keys = network.keys.get('hospital') ?? assert.fail();
    const secrets = [
      keys.coordinator.signingKey,
      keys.sender.signingKey,
      keys.note,
      keys.storage,
    ].flatMap(formsOf);
    const { agent, coordinator, contributor, administrator } = network.services('hospital');
    const note = createNoteKey('log', keys.note);
    const sender = network.senders.get('hospital') ?? assert.fail();
    for (const each of [
      agent,
      coordinator,
      contributor,
      administrator,
      note,
      sender,
      network.keys,
    ]) {
      const said = inspect(each, { depth: Infinity, maxArrayLength: Infinity, showHidden: true });
      for (const secret of secrets) assert.ok(!said.includes(secret));
    }
    const guard = await lockKeys(
      memoryFiles(),
      seededRandom('guard'),
      'quiet lamps above two rivers',
      {
        workFactor: 4,
      },
    );
    assert.doesNotMatch(
      inspect(guard, { depth: Infinity, showHidden: true }),
      /AGE-SECRET|quiet lamps/,
    );
    assert.equal(primitives.signEd25519(new Uint8Array(3), note.seed).length, 64);
  });

  it('of an organisation and of a member of the authority are hidden, and sign all the same', async () => {
    const ports = { primitives, random: seededRandom('keys') };
    const keys = await openOrganisationKeys(memoryFiles(), ports);
    const member = await openAuthorityKey(memoryFiles(), ports);
    const secrets = [
      keys.coordinator.signingKey,
      keys.sender.signingKey,
      keys.note,
      keys.storage,
      member.signingKey,
    ].flatMap(formsOf);
    for (const each of [keys, member, keys.coordinator]) {
      for (const said of [inspect(each, { depth: Infinity }), JSON.stringify(each)]) {
        for (const secret of secrets) assert.ok(!said.includes(secret));
      }
    }
    const digest = new Uint8Array(32).fill(1);
    const signature = signDigest(primitives, digest, keys.coordinator.signingKey);
    assert.deepEqual(signature, primitives.sign(digest, bytesOf(keys.coordinator.signingKey)));
  });
});
