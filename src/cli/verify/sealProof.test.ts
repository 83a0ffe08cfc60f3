import assert from 'node:assert/strict';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { examineAudit } from '../../client/audit/examineAudit.ts';
import { confirmSheet } from '../../client/epochs/confirmSheet.ts';
import { logVersion } from '../../client/records/logVersion.ts';
import { lyingTo } from '../../client/test/lyingTo.ts';
import { chainBlocks } from '../../client/witness/chainBlocks.ts';
import { keepChain } from '../../client/witness/keepChain.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { recipientKey } from '../../crypto/keys/ageIdentity.ts';
import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { evidencedRecipient } from '../../crypto/threshold/evidencedStanza.ts';
import { sampleKey } from '../../crypto/threshold/test/sampleKey.ts';
import { uploaded } from '../../node/test/requests.ts';
import {
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import { formatEvidenceFile } from '../../protocol/evidence/parseEvidenceFile.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import { isPending } from '../../protocol/rights/isPending.ts';
import { runMedseal, temporaryFolder, type Run } from '../test/runMedseal.ts';

const CATEGORY = 'vitals';

let network: TestNetwork;
let care: Care;
/** The network with a release key. Its coordinators do not know of it, and let any file pass, as liars would. */
let guarded: NetworkFile;
let folder: string;

interface Logged {
  readonly receipt: string;
  readonly record: string;
}
/** One whose file was sealed for it, and one whose file was sealed for the first. */
let right: Logged;
let wrong: Logged;

before(async () => {
  folder = await temporaryFolder({ after });
  network = await startTestNetwork({ cared: true });
  care = await startCare(network);
  const { key } = sampleKey(care.doctor.primitives.group, care.doctor.random);
  const shares = ['hospital', 'laboratory', 'insurer'].map((organisation, place) => {
    const member = key.members.get(place + 1) ?? assert.fail();
    return { organisation, index: place + 1, key: bytesToHex(member) };
  });
  const release = { threshold: 2, publicKey: bytesToHex(key.publicKey), shares };
  const channels = network.file.channels.map((channel) => ({ ...channel, release }));
  guarded = { ...network.file, channels };
  await writeFile(join(folder, 'network.json'), JSON.stringify(guarded));
  const ids = [0, 1].map(() => bytesToHex(care.doctor.random(32)));
  const [first = '0x', second = '0x'] = ids;
  const theirs = [await sealedFor(first), await sealedFor(first)] as const;
  const logged = [await log(first, theirs[0]), await log(second, theirs[1])] as const;
  await network.checkpoint();
  right = await kept('right', logged[0], theirs[0]);
  wrong = await kept('wrong', logged[1], theirs[1]);
  const { agent } = care.patient;
  const audit = await examineAudit(
    lyingTo(network, care.patient, {
      checkpoint: async (name) => {
        await network.checkpoint();
        return await agent.checkpoint(name);
      },
    }),
  );
  const blocks = await chainBlocks(care.patient.primitives, audit);
  const chain = keepChain(care.patient, audit, blocks);
  await writeFile(join(folder, 'chain.json'), formatEvidenceFile(chain));
});
after(async () => await network.close());

/** A file that is sealed for the first version of a record, under the release key. */
async function sealedFor(record: `0x${string}`): Promise<Uint8Array> {
  const { doctor, handle } = care;
  const { group } = doctor.primitives;
  const key = releaseKeyOf(guarded, doctor.log) ?? assert.fail();
  const { recipients } = await confirmSheet(doctor, handle);
  const recipient = recipients[CATEGORY] ?? '';
  const target = {
    recipientKey: recipientKey(recipient),
    publicKey: key.publicKey,
    keyId: key.id,
    identity: versionIdentity(guarded, key, { handle, record, version: 1 }),
  };
  const evidenced = evidencedRecipient(group, portableKem, target, doctor.random);
  return await sealBytes([evidenced, recipient], utf8ToBytes('a note'));
}

async function log(record: `0x${string}`, sealed: Uint8Array): Promise<Acknowledgement> {
  const { doctor, handle, right: own } = care;
  const { epoch } = await confirmSheet(doctor, handle);
  const version = { handle, category: CATEGORY, purpose: 'TREAT', grant: own.grant } as const;
  const file = await uploaded(doctor, sealed);
  return (await logVersion(doctor, { ...version, record, epoch, ...file })).acknowledgement;
}

/** Keeps a receipt, and the sealed file that it names. */
async function kept(
  name: string,
  acknowledgement: Acknowledgement,
  sealed: Uint8Array,
): Promise<Logged> {
  const { log: of, index } = acknowledgement;
  const proof = await network.agent().receipt({ log: of, index });
  assert.ok(!isPending(proof));
  const receipt = { format: 'medseal-receipt/1' as const, acknowledgement, ...proof };
  const paths = { receipt: join(folder, `${name}.json`), record: join(folder, `${name}.age`) };
  await writeFile(paths.receipt, formatEvidenceFile(receipt));
  await writeFile(paths.record, sealed);
  return paths;
}

async function verify(...words: readonly string[]): Promise<Run> {
  const pinned = join(folder, 'network.json');
  return await runMedseal('verify', ...words, '--network', pinned, '--offline');
}

async function chain(...words: readonly string[]): Promise<Run> {
  return await verify('chain', join(folder, 'chain.json'), ...words);
}

/** A folder with these files alone. */
async function records(...paths: readonly (readonly [string, Uint8Array])[]): Promise<string> {
  const path = join(folder, 'sealed');
  await rm(path, { recursive: true, force: true });
  await mkdir(join(path, 'another folder'), { recursive: true });
  for (const [name, content] of paths) await writeFile(join(path, name), content);
  return path;
}

describe('medseal verify with a sealed file of a network with a release key', () => {
  it('says that the file proves for which record version it was sealed', async () => {
    const { code, stdout, stderr } = await verify(right.receipt, '--record', right.record);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /that it names, and proves that it was sealed for this record version/);
  });

  // @attack judges let a file pass that was sealed for another record, so that nobody can open this one | exit code 1 for whoever has the file: the public proof in it is of another version
  it('is not safe if the file was sealed for another record, though the receipt names it and its hash is right', async () => {
    const { code, stdout } = await verify(wrong.receipt, '--record', wrong.record);
    assert.equal(code, 1, stdout);
    assert.match(
      stdout,
      /Not safe .*wrong\.json\n\s+the proof in .*wrong\.age is of another record/,
    );
    assert.equal((await verify(wrong.receipt)).code, 0, 'nothing else shows it');
  });

  it('is not safe with the file of another receipt, whatever version that is of', async () => {
    const { code, stdout } = await verify(wrong.receipt, '--record', right.record);
    assert.equal(code, 1);
    assert.match(stdout, /the sealed file has another hash/);
  });
});

describe('medseal verify chain with sealed files', () => {
  it('says what it did not see without them', async () => {
    const { code, stdout, stderr } = await chain();
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /for which record version 2 sealed files were made: --records/);
    assert.doesNotMatch(stdout, /proves that/);
  });

  it('says of each that it was sealed for the version of its entry, whatever its name is', async () => {
    const sealed = await readFile(right.record);
    const at = await records(['any name', sealed], ['other', utf8ToBytes('not a sealed file')]);
    const { code, stdout, stderr } = await chain('--records', at);
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /added record .*; .*any name proves that it was sealed for this record/);
    assert.match(stdout, /for which record version 1 sealed file was made/);
  });

  // @attack judges let a file pass that was sealed for another record, and every signature, verdict and place holds | `verify chain --records` says Not safe of its entry and its block
  it('is not safe if one was sealed for another record, and names its entry and its block', async () => {
    const files = [await readFile(right.record), await readFile(wrong.record)] as const;
    const { code, stdout } = await chain(
      '--records',
      await records(['right.age', files[0]], ['wrong.age', files[1]]),
    );
    assert.equal(code, 1, stdout);
    assert.match(stdout, /Not safe {2}block 1\n\s+care\/hospital #\d+: the proof in .*wrong\.age/);
    assert.match(stdout, /Not safe: care\/hospital #\d+: the proof in .*wrong\.age is of another/);
    assert.match(stdout, /right\.age proves that it was sealed/);
    assert.doesNotMatch(stdout, /for which record version/);
  });

  it('takes an altered file for none of those that entries name', async () => {
    const sealed = await readFile(right.record);
    const altered = sealed.with(sealed.length - 1, (sealed.at(-1) ?? 0) ^ 1);
    const { code, stdout } = await chain('--records', await records(['altered.age', altered]));
    assert.equal(code, 0, stdout);
    assert.match(stdout, /for which record version 2 sealed files were made/);
  });

  it('refuses a folder that is not there', async () => {
    const { code, stderr } = await chain('--records', join(folder, 'nowhere'));
    assert.equal(code, 2);
    assert.match(stderr, /--records/);
  });
});
