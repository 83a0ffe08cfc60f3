import { bytesToHex, hexToBytes, utf8ToBytes } from '../../../src/crypto/bytes.ts';
import { ageIdentity, recipientKey, recipientOf } from '../../../src/crypto/keys/ageIdentity.ts';
import { openBytes } from '../../../src/crypto/sealing/openBytes.ts';
import { portableKem } from '../../../src/crypto/sealing/portableKem.ts';
import { sealBytes } from '../../../src/crypto/sealing/sealBytes.ts';
import { combineShares } from '../../../src/crypto/threshold/combineShares.ts';
import { createDeal } from '../../../src/crypto/threshold/createDeal.ts';
import {
  labelOf,
  whoHalfOf,
  type Encapsulated,
} from '../../../src/crypto/threshold/evidencedKem.ts';
import {
  evidencedIdentity,
  evidencedRecipient,
} from '../../../src/crypto/threshold/evidencedStanza.ts';
import {
  extractShare,
  isShareOf,
  type ShareOf,
} from '../../../src/crypto/threshold/extractShare.ts';
import type { Deal } from '../../../src/crypto/threshold/Deal.ts';
import { isDeal } from '../../../src/crypto/threshold/isDeal.ts';
import { readGuardedHeader } from '../../../src/crypto/threshold/readGuardedHeader.ts';
import { isSealFor, readSeal } from '../../../src/crypto/threshold/releaseSeal.ts';
import { scalarBytes } from '../../../src/crypto/threshold/scalars.ts';
import { sampleKey } from '../../../src/crypto/threshold/test/sampleKey.ts';
import { canonicalJson } from '../../../src/protocol/wire/canonicalJson.ts';
import {
  formatEvidenceFile,
  parseEvidenceFile,
} from '../../../src/protocol/evidence/parseEvidenceFile.ts';
import { parseSealedShares } from '../../../src/protocol/release/parseSealedShares.ts';
import { verifyReleaseProof } from '../../../src/protocol/release/verifyReleaseProof.ts';
import { readChart } from '../../../src/client/records/readChart.ts';
import { readRecord } from '../../../src/client/records/readRecord.ts';
import type { Dice } from '../../simulation/Dice.ts';
import { TargetFault, type OpenTarget } from '../FuzzTarget.ts';
import { mutateBytes } from '../mutateBytes.ts';
import { mutateJson, mutateValue } from '../mutateJson.ts';

const PLAINTEXT = utf8ToBytes('a guarded note');
const SHARE = `0x${'97'.repeat(97)}`;

/**
 * Parts of a release key: files that it guards, deals, released shares, and saved proofs of releases. An altered file opens to nothing
 * else, and nobody takes an altered deal, or is accused by an altered proof.
 */
export const openReleaseTarget: OpenTarget = async (life) => {
  const { doctor, right, network } = life;
  const { random } = network.ports;
  const { group } = network.ports.primitives;
  const { ceremony, key, secrets } = sampleKey(group, random);
  const { deal } = createDeal(group, ceremony, 1, random);
  const [identity, keyId] = [new Uint8Array(40).fill(9), new Uint8Array(32).fill(8)];
  const seed = random(32);
  const target = {
    recipientKey: recipientKey(await recipientOf(ageIdentity(seed))),
    publicKey: key.publicKey,
    identity,
    keyId,
  };
  const own = await recipientOf(ageIdentity(random(32)));
  const guarded = await sealBytes(
    [evidencedRecipient(group, portableKem, target, random), own],
    PLAINTEXT,
  );
  const header = readGuardedHeader(guarded, keyId);
  if (header === undefined) throw new Error('the file is not guarded');
  const { point } = readSeal(header.seal);
  const shareOf = (index: number): ShareOf => {
    const memberKey = key.members.get(index) ?? key.publicKey;
    return { keyId, identity, point, index, memberKey };
  };
  const shares = [1, 2].map((index) => {
    const secret = scalarBytes(secrets.get(index) ?? 0n);
    return { index, share: extractShare(group, shareOf(index), secret, random) };
  });
  const evidence = combineShares(group, shares);
  const opener = evidencedIdentity(identity, ({ encapsulated }) => {
    const secret = portableKem.decapsulate(seed, encapsulated);
    return [{ who: whoHalfOf(secret, encapsulated, identity), evidence }];
  });
  const { grant } = right;
  const chart = await readChart(doctor, { handle: grant.handle, grant, purpose: 'TREAT' });
  const [record] = chart.records;
  const read = record && (await readRecord(doctor, chart, record));
  const proof = read?.released?.prove();
  if (proof === undefined) throw new Error('nothing is released');
  const saved = formatEvidenceFile(proof);
  const salts = [0, 1].map(() => `0x${'01'.repeat(16)}`);
  const plaintext = { format: 'medseal-shares/2', shares: [SHARE, SHARE], salts };

  const deeds: readonly ((
    dice: Dice,
    tell: (what: string | Uint8Array) => void,
  ) => Promise<void>)[] = [
    async (dice, tell) => {
      const file = mutateBytes(dice, guarded);
      tell(file);
      const read = readGuardedHeader(file, keyId);
      const isSame = read !== undefined && textOfSeal(read) === textOfSeal(header);
      const label = read && labelOf(keyId, identity, read.encapsulated);
      if (label && !isSame && isSealFor(group, label, read.seal)) throw new TargetFault('a seal');
      const opened = await openBytes([opener], file);
      if (Buffer.compare(opened, PLAINTEXT) !== 0) throw new TargetFault('another content');
    },
    async (dice, tell) => {
      const altered = {
        dealer: dice.chance(0.2) ? dice.between(-1, 70_000) : deal.dealer,
        commitments: deal.commitments.map((each) => perhaps(dice, each)),
        proof: {
          commitment: perhaps(dice, deal.proof.commitment),
          response: perhaps(dice, deal.proof.response),
        },
      };
      if (dice.chance(0.2)) altered.commitments.splice(dice.between(0, 2), 1);
      const [text, before] = [altered, deal].map(textOf);
      tell(text ?? '');
      if (isDeal(group, ceremony, altered) && text !== before)
        throw new TargetFault('another deal');
      await Promise.resolve();
    },
    async (dice, tell) => {
      const bytes = dice.chance(0.5)
        ? mutateBytes(dice, utf8ToBytes(JSON.stringify(plaintext)))
        : Buffer.from(mutateJson(dice, plaintext));
      tell(bytes);
      for (const { share } of parseSealedShares(bytes)) {
        if (isShareOf(group, shareOf(1), hexToBytes(share))) {
          throw new TargetFault('a share that nobody made');
        }
      }
      await Promise.resolve();
    },
    async (dice, tell) => {
      const bytes = dice.chance(0.3)
        ? mutateBytes(dice, utf8ToBytes(saved))
        : utf8ToBytes(`${canonicalJson(mutateValue(dice, proof))}\n`);
      tell(bytes);
      const parsed = parseEvidenceFile(bytes);
      if (parsed.kind !== 'release') return;
      const { releases } = verifyReleaseProof(doctor, network.file, parsed.release, {
        strict: true,
      });
      if (releases.some(({ fault }) => fault !== undefined)) throw new TargetFault('accused');
    },
  ];
  return {
    async enter(dice, tell) {
      await dice.pick(deeds)(dice, tell);
    },
  };
};

function textOfSeal({ encapsulated, seal }: Encapsulated): string {
  return [encapsulated, seal].map(bytesToHex).join(' ');
}

function perhaps(dice: Dice, bytes: Uint8Array): Uint8Array {
  return dice.chance(0.3) ? mutateBytes(dice, bytes) : bytes;
}

function textOf({ dealer, commitments, proof: { commitment, response } }: Deal): string {
  return [`${dealer}`, ...[...commitments, commitment, response].map(bytesToHex)].join(' ');
}
