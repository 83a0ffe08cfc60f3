import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { FORMATS } from '../src/protocol/wire/formats.ts';

const root = new URL('..', import.meta.url);

/** The part of a file that says whose it is, and the test by which another's is refused. */
interface Owned {
  /** Field or signature that names whose it is; of one that is for whoever holds it, what it is bound to. */
  readonly whose: string;
  /** File and title of the test. */
  readonly refused: `${string}: ${string}`;
}

/** Each format that somebody is handed, or keeps. */
const OWNERS: Readonly<Record<string, Owned>> = {
  backup: {
    whose: 'signatures of the organisations of the folder',
    refused:
      'src/backup/signedBackup.slow.test.ts: is not restored with other signatures, or without one of an organisation',
  },
  bill: {
    whose: 'the number of the treatment, whose author signed it',
    refused:
      'src/client/care/claims/claims.slow.test.ts: a bill of another treatment, total or author',
  },
  chain: {
    whose: '`handle` or `party`, and the request that asked',
    refused:
      'src/client/witness/examineChain.test.ts: is refused for another patient, for another request, or with a log twice',
  },
  claim: {
    whose: 'the patient’s handle in the claim’s terms',
    refused:
      'src/client/care/claims/claims.slow.test.ts: is permitted by no other patient, to whom its file is handed',
  },
  audited: {
    whose: 'the party, its key and the network file, in what is sealed',
    refused:
      'src/client/audit/keptAudit.test.ts: is dropped if it is of another party, another key, another network file or another version of the program',
  },
  'block-conflict': {
    whose: '`network`, whose coordinators signed both statements',
    refused:
      'src/client/audit/confirmNewest.test.ts: is refused if it proves nothing, or is of another network',
  },
  erasure: {
    whose: 'the patient’s signed `Erase`, and each coordinator’s signature over its entry',
    refused:
      'src/client/audit/certifyErasure.test.ts: completes nothing that is of another chart or category, or was altered',
  },
  export: {
    whose: '`network` and `handle`, made again from the audit in the archive',
    refused:
      'src/client/archive/exportChart.test.ts: proves nothing in another network, and of another chart’s audit',
  },
  rights: {
    whose: '`handle`, and the digest of each grant',
    refused:
      'src/client/archive/exportChart.test.ts: proves nothing in another network, and of another chart’s audit',
  },
  seal: {
    whose: '`record`, `version` and `file`, compared with the signed entry',
    refused:
      'src/client/archive/exportChart.test.ts: shows contents that were swapped between two versions',
  },
  contact: {
    whose: 'the party’s address, signed by its key',
    refused:
      'src/cli/sharing.slow.test.ts: refuses a grant that is another’s, and a card that the Registry does not agree with',
  },
  contacts: {
    whose: 'the home that it lies in, which only its owner can write to',
    refused:
      "src/cli/home/exposedHome.test.ts: is refused by ${name} with the folder's name, and nothing of it is read",
  },
  deal: {
    whose: 'its organisation, signed by its coordinator for the terms of one founding',
    refused: 'src/node/founding/guardedCeremony.slow.test.ts: where another organisation made it',
  },
  dealing: {
    whose: 'each recipient and deal names its organisation, signed by it',
    refused:
      'src/protocol/dealing/verifyDealing.test.ts: and so is a member whose recipient is of somebody else, was exchanged, or is there twice',
  },
  held: {
    whose: '`organisation`, signed by its coordinator for the terms of one founding',
    refused:
      'src/node/founding/joinedDeals.slow.test.ts: refuses what somebody else says that an organisation holds',
  },
  history: {
    whose: 'the log of each entry, signed by its coordinators',
    refused:
      'src/protocol/evidence/verifyAcknowledgement.test.ts: refuses evidence of another network',
  },
  home: {
    whose: 'the pinned network',
    refused:
      'src/cli/devices.slow.test.ts: never takes another network’s file in place of the pinned one',
  },
  identity: {
    whose: '`organisation`, and the name of the file',
    refused:
      'src/node/founding/ceremony.slow.test.ts: where a file is of one organisation and named after another',
  },
  kept: {
    whose: 'the view that its party signed',
    refused: 'src/client/kept/kept.slow.test.ts: does not open: a view of another party',
  },
  key: {
    whose: '`address`, which follows from the seed',
    refused:
      'src/device/lockedKeys.test.ts: is refused where the file says another address, or was altered',
  },
  'ledger-fork': {
    whose: '`chain`, and the validators that signed',
    refused:
      'src/consortium/forkOf.test.ts: proves nothing by one block, by blocks that few signed both, or that are not the chain’s',
  },
  mandate: {
    whose: 'handle and representative, whose key and the acting key signed it',
    refused:
      'src/client/mandates/mandates.test.ts: is not made of an offer that was altered, is another’s, or is over',
  },
  network: {
    whose: '`networkId` and the fingerprint, which a person compares',
    refused:
      'src/cli/devices.slow.test.ts: never takes another network’s file in place of the pinned one',
  },
  pin: {
    whose:
      'the network whose coordinators the device trusts, by its fingerprint, and the log that names them',
    refused:
      'src/protocol/sensors/networkOfPin.test.ts: is not there if the pinned one is not among those that the gateway brings',
  },
  prescription: {
    whose: 'prescriber, patient and second doctor in the prescription that is signed',
    refused:
      'src/client/care/prescriptions/prescriptions.slow.test.ts: a controlled medicine that no second doctor signed',
  },
  reading: {
    whose: 'the device, and its signature over the batch',
    refused: 'src/protocol/sensors/verifyReading.test.ts: is refused by another network',
  },
  receipt: {
    whose: 'the log, and the coordinators that signed its checkpoint',
    refused:
      'src/protocol/evidence/verifyReceipt.test.ts: is refused with any character altered, or says the same as before',
  },
  recovery: {
    whose: 'the new key, which signed it; its members compare words with the person',
    refused:
      'src/client/recovery/recovery.test.ts: goes from member to member, and is refused if it was altered, is late, or is of another network',
  },
  redemption: {
    whose: '`network` and `owner`, whose key and the account’s signed it',
    refused:
      'src/client/care/units/units.test.ts: are redeemed by a file that says whose they are, or nobody signs it',
  },
  release: {
    whose: 'the view, and the coordinators that signed that they released it',
    refused:
      'src/client/records/keyReleased.slow.test.ts: is a file of which no byte can be changed, but the place in the log, which a receipt proves',
  },
  slip: {
    whose:
      'the patient in the order; it is for whoever shows it, until the prescription has another key',
    refused:
      'src/client/care/prescriptions/prescriptions.slow.test.ts: a slip whose words were altered',
  },
  successor: {
    whose: '`predecessor`, and the offices that signed',
    refused:
      'src/protocol/network/followSuccessors.test.ts: refuses signatures that were given in another network',
  },
  successors: {
    whose: 'the predecessor of the first',
    refused:
      'src/client/party/followRefused.test.ts: follows no file that too few signed, that is not a successor, or that is another network’s',
  },
  suspension: {
    whose: '`party`, which its reader names too',
    refused:
      'src/client/rights/suspensionFile.test.ts: is refused if it says something else than its reader wants to sign',
  },
  terms: {
    whose: 'the identity files, from which each organisation derives them',
    refused: 'src/node/founding/guardedCeremony.slow.test.ts: if a node dealt for other ones',
  },
};

describe('a file that is handed on or kept', () => {
  // @attack a further format that somebody is handed, and that does not say whose it is | a table says of each what names its owner, and which test refuses another’s
  it('says whose it is, and another’s is refused: each format has the test', () => {
    const held = Object.entries(FORMATS).filter(
      ([, { place }]) => place === 'file' || place === 'device',
    );
    assert.deepEqual(Object.keys(OWNERS).toSorted(), held.map(([name]) => name).toSorted());
  });

  for (const [name, { refused }] of Object.entries(OWNERS)) {
    it(`has a test that is there: ${name}`, () => {
      const path = refused.slice(0, refused.indexOf(': '));
      const title = refused.slice(path.length + 2);
      const url = new URL(path, root);
      assert.ok(existsSync(url), path);
      const text = readFileSync(url, 'utf8');
      assert.ok(
        ["'", '`', '"'].some((quote) => text.includes(`it(${quote}${title}${quote}`)),
        title,
      );
    });
  }
});
