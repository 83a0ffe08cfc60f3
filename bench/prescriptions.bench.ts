/**
 * Prescriptions on the embedded ledger: how many are taken, and how many dispenses, in batches of 50 with the signatures
 * made ahead.
 *
 * `node bench/prescriptions.bench.ts [--prescriptions N] [--json]`; 1,000 unless given.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ClassicLevel } from 'classic-level';
import { contractCreations } from '../src/bindings/contractCreations.ts';
import { encodeBatch } from '../src/bindings/encodeBatch.ts';
import { encodeDispenses, encodePrescriptions } from '../src/bindings/encodePrescriptions.ts';
import { registryAbi } from '../src/bindings/generated/registryAbi.ts';
import { readEvents } from '../src/bindings/readEvents.ts';
import { addressOf } from '../src/crypto/addressOf.ts';
import { bytesToHex } from '../src/crypto/bytes.ts';
import { systemClock as clock } from '../src/folder/systemClock.ts';
import { openEmbeddedLedger } from '../src/ledger/openEmbeddedLedger.ts';
import { openSender, type Sender } from '../src/ledger/openSender.ts';
import { createNativePrimitives } from '../src/native/nativePrimitives.ts';
import { ZERO32, ZERO_ADDRESS, type Address, type Bytes32, type Hex } from '../src/protocol/ids.ts';
import { organisationId } from '../src/protocol/networkLookups.ts';
import type { Prescription } from '../src/protocol/prescriptions.ts';
import { digestOf, sign, type SigningContext } from '../src/protocol/signing.ts';

const { values } = parseArgs({
  options: { prescriptions: { type: 'string', default: '1000' }, json: { type: 'boolean' } },
});
const count = Number(values.prescriptions);
const BATCH = 50;
const FAR = 4_000_000_000;
const chainId = 4242;
const primitives = await createNativePrimitives();
const networkId = word();
const context: SigningContext = {
  primitives,
  domain: { name: 'Medseal', version: '1', chainId, salt: networkId },
};

function word(): Bytes32 {
  return bytesToHex(randomBytes(32));
}

function actor(): { readonly address: Address; readonly signingKey: Uint8Array } {
  const signingKey = new Uint8Array(randomBytes(32));
  return { signingKey, address: addressOf(primitives, primitives.publicKey(signingKey)) };
}

/** Sends batches one after another, and returns how many of their requests the contract took a second. */
async function rate(sender: Sender, to: Address, batches: readonly Hex[]): Promise<number> {
  const start = performance.now();
  for (const data of batches) {
    const { logs } = await sender.send({ to, data, gas: 15_000_000 });
    const refused = readEvents(logs).find(({ kind }) => kind === 'Refused');
    if (refused !== undefined) throw new Error(JSON.stringify(refused));
  }
  return count / ((performance.now() - start) / 1000);
}

const deployer = actor();
const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
const ledger = await openEmbeddedLedger({
  database: new ClassicLevel(folder),
  chainId,
  clock,
  primitives,
  genesis: { timestamp: 1_700_000_000, senders: [deployer.address] },
});
try {
  const secret = deployer.signingKey;
  const sender = openSender({ provider: ledger, chainId, secret, primitives, clock });
  const member = actor();
  const office = { threshold: 1, members: [{ organisation: 'hospital', ...member }] };
  const creations = contractCreations({
    networkId,
    authority: office,
    coordinators: office,
    further: ['prescriptions'],
    deployer: deployer.address,
    nonce: 0,
  });
  for (const { data } of creations) await sender.send({ data });
  const at = Object.fromEntries(creations.map(({ contract, address }) => [contract, address]));
  const { registry = ZERO_ADDRESS, prescriptions = ZERO_ADDRESS } = at;
  const doctor = actor();
  const enrolment = {
    party: doctor.address,
    role: 2,
    organisation: organisationId('hospital'),
    recipient: word(),
    handle: ZERO32,
    deadline: FAR,
  };
  const { signature } = sign(context, member, 'Enrolment', enrolment);
  const enrolled = [{ message: enrolment, signatures: [signature] }];
  await sender.send({ to: registry, data: encodeBatch(registryAbi, 'enrol', enrolled) });

  const made = Array.from({ length: count }, () => {
    const [holder, slip] = [actor(), actor()];
    const message: Prescription = {
      terms: {
        handle: word(),
        record: word(),
        content: word(),
        medicine: 'Amoxicillin 500 mg capsules',
        code: '',
        unit: 'capsule',
        controlled: false,
        salt: word().slice(0, 34) as Hex,
      },
      prescriber: doctor.address,
      second: ZERO_ADDRESS,
      holder: holder.address,
      slip: slip.address,
      amount: 21,
      fills: 1,
      interval: 0,
      from: 1_700_000_000,
      until: FAR,
      replaces: ZERO32,
      deadline: FAR,
    };
    const dispense = {
      prescription: digestOf(context, 'Prescription', message),
      step: 1,
      amount: 10,
      terms: { pharmacist: doctor.address, content: word(), salt: word().slice(0, 34) as Hex },
      deadline: FAR,
    };
    return {
      prescription: sign(context, doctor, 'Prescription', message),
      dispense: sign(context, slip, 'Dispense', dispense),
    };
  });
  const starts = Array.from({ length: Math.ceil(count / BATCH) }, (_, place) => place * BATCH);
  const groups = starts.map((start) => made.slice(start, start + BATCH));
  const issuing = groups.map((group) =>
    encodePrescriptions(
      primitives,
      group.map(({ prescription }) => prescription),
    ),
  );
  const handing = groups.map((group) =>
    encodeDispenses(
      primitives,
      group.map(({ dispense }) => dispense),
    ),
  );
  const prescribed = await rate(sender, prescriptions, issuing);
  const dispensed = await rate(sender, prescriptions, handing);
  const result = { count, batch: BATCH, prescribed, dispensed };
  console.log(
    values.json === true
      ? JSON.stringify(result)
      : `${count} prescriptions in batches of ${BATCH}: ${prescribed.toFixed(0)} prescribed and ${dispensed.toFixed(0)} dispensed a second`,
  );
} finally {
  await ledger.close();
  await rm(folder, { recursive: true, force: true });
}
