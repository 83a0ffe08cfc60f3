import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { HeldIdentity } from '../../src/crypto/sealing/HeldIdentity.ts';
import { collectBytes } from '../../src/crypto/sealing/collectBytes.ts';
import { openFileKey } from '../../src/crypto/sealing/openFileKey.ts';
import type { Opener } from '../../src/crypto/sealing/ageHeader.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { combineShares } from '../../src/crypto/threshold/combineShares.ts';
import { whoHalfOf } from '../../src/crypto/threshold/evidencedKem.ts';
import { evidencedIdentity } from '../../src/crypto/threshold/evidencedStanza.ts';
import { extractShare } from '../../src/crypto/threshold/extractShare.ts';
import { readSeal } from '../../src/crypto/threshold/releaseSeal.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { readChart } from '../../src/client/records/readChart.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { revokeRight } from '../../src/client/rights/revokeRight.ts';
import { nativeKem as kem } from '../../src/native/nativeKem.ts';
import { rememberingCipher as cipher } from '../../src/node/test/rememberingCipher.ts';
import { sealedAtNodes } from '../../src/node/test/sealedAtNodes.ts';
import {
  everything,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../src/node/test/testNetwork.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import { releaseKeyOf, type ChannelKey } from '../../src/protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../src/protocol/release/versionIdentity.ts';
import { Adversary } from './Adversary.ts';

/**
 * The table of `docs/why/who-can-read.md`: everybody has all sealed files and all that nodes hold, and no evidence. Two organisations
 * of three release.
 */

/** Records, by what the former grantee's right was when they were written. */
type Written = 'while it stood' | 'after its end';
type Holder = 'nobody' | 'grantee' | 'former grantee' | 'grantee of laboratory results';
const BOTH: readonly Written[] = ['while it stood', 'after its end'];

interface Row {
  readonly holders: readonly Holder[];
  /** Number of organisations that work together with them. */
  readonly organisations: number;
  readonly opens: readonly Written[];
}

const ROWS: readonly Row[] = [
  ...[0, 1, 2, 3].map(
    (organisations) => ({ holders: ['nobody'], organisations, opens: [] }) as const,
  ),
  ...[0, 1].map((organisations) => ({ holders: ['grantee'], organisations, opens: [] }) as const),
  ...[2, 3].map((organisations) => ({ holders: ['grantee'], organisations, opens: BOTH }) as const),
  ...[0, 1].map(
    (organisations) => ({ holders: ['former grantee'], organisations, opens: [] }) as const,
  ),
  ...[2, 3].map(
    (organisations) =>
      ({ holders: ['former grantee'], organisations, opens: ['while it stood'] }) as const,
  ),
  { holders: ['grantee', 'former grantee'], organisations: 1, opens: [] },
  { holders: ['grantee of laboratory results'], organisations: 3, opens: [] },
  {
    holders: ['grantee of laboratory results', 'former grantee'],
    organisations: 3,
    opens: ['while it stood'],
  },
];

let network: TestNetwork;
let care: Care;
let key: ChannelKey;
const holders = new Map<Holder, Adversary>();
const files = new Map<Written, { readonly sealed: Uint8Array; readonly identity: Uint8Array }>();

before(async () => {
  network = await startTestNetwork({ guarded: true });
  care = await startCare(network);
  const { patient, doctor, stranger, handle, right } = care;
  key = releaseKeyOf(network.file, doctor.log) ?? assert.fail();
  const laboratory = await network.party('doctor');
  const given = await grantRight(patient, everything(stranger));
  await grantRight(patient, { ...everything(laboratory), categories: ['laboratory'] });
  const content = utf8ToBytes('a note');
  const version = { handle, category: 'vitals', purpose: 'TREAT', grant: right.grant } as const;
  await addRecord(doctor, { ...version, content });
  const packets = [...(await sealedAtNodes(network))];
  await revokeRight(patient, given.digest);
  await addRecord(doctor, { ...version, content });
  packets.push(...(await sealedAtNodes(network)));
  const parties: readonly (readonly [Holder, Party])[] = [
    ['grantee', doctor],
    ['former grantee', stranger],
    ['grantee of laboratory results', laboratory],
  ];
  holders.set('nobody', new Adversary(cipher));
  for (const [holder, party] of parties) {
    const adversary = new Adversary(cipher);
    adversary.has(party.keys.identity());
    await adversary.open({ sealed: packets, files: new Map<Bytes32, Uint8Array>() });
    holders.set(holder, adversary);
  }
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  const [first, second] = chart.records.toSorted((left, right_) => left.epoch - right_.epoch);
  for (const [written, record] of [
    [BOTH[0], first],
    [BOTH[1], second],
  ] as const) {
    assert.ok(written && record);
    const sealed = await collectBytes(network.services().contributor.file(record.file));
    files.set(written, {
      sealed,
      identity: versionIdentity(network.file, key, { ...record, handle }),
    });
  }
});
after(async () => await network.close());

describe('without evidence', () => {
  for (const { holders: names, organisations, opens } of ROWS) {
    const who = names.join(' and ');
    // @actor organisations, and people with rights of today and of before, who work together | to read without evidence
    it(`${who} with ${organisations} of three organisations: ${opens.join(', ') || 'nothing'}`, async () => {
      for (const written of BOTH) {
        const opened = await opensFor(names, organisations, written);
        assert.equal(opened, opens.includes(written), `what was written ${written}`);
      }
    });
  }
});

it('a patient opens the whole chart without anybody else', async () => {
  const { patient, handle } = care;
  const chart = await readChart(patient, { handle, purpose: 'PATRQT' });
  for (const record of chart.records) {
    const own = chart.ownIdentityFor?.(record.epoch, record.category) ?? assert.fail();
    const sealed = network.services().contributor.file(record.file);
    assert.ok(await openFileKey([own], sealed, { cipher }));
  }
});

async function opensFor(
  names: readonly Holder[],
  organisations: number,
  written: Written,
): Promise<boolean> {
  const { sealed, identity } = files.get(written) ?? assert.fail();
  const identities = names.flatMap((name) => holders.get(name)?.identities() ?? assert.fail());
  const opener = evidencedIdentity(identity, function* ({ encapsulated, seal }) {
    const evidence = evidenceOf(organisations, identity, seal);
    // Organisations alone have the evidence half, and guess the other one.
    if (evidence !== undefined) yield { who: new Uint8Array(32), evidence };
    for (const each of identities) {
      const secret = new HeldIdentity(each).secretOf(kem, encapsulated);
      const who = whoHalfOf(secret, encapsulated, identity);
      yield { who, evidence: evidence ?? readSeal(seal).point };
    }
  });
  const openers: readonly Opener[] = [...identities, opener];
  return await openFileKey(openers, [sealed], { cipher }).then(
    () => true,
    () => false,
  );
}

/** The sum of as many shares as there are: a false point below the threshold. */
function evidenceOf(
  organisations: number,
  identity: Uint8Array,
  seal: Uint8Array,
): Uint8Array | undefined {
  const { group } = care.doctor.primitives;
  const { point } = readSeal(seal);
  const shares = [...key.indices].slice(0, organisations).map(([organisation, index]) => {
    const secret = network.shares.get(organisation) ?? assert.fail();
    const memberKey = key.members.get(index) ?? assert.fail();
    const of = { keyId: key.id, identity, point, index, memberKey };
    return { index, share: extractShare(group, of, secret, network.ports.random) };
  });
  return shares.length === 0 ? undefined : combineShares(group, shares);
}
