import assert from 'node:assert/strict';
import { it } from 'node:test';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import { openEvidenceLog } from '../../log/openEvidenceLog.ts';
import { keptOpen, sampleEncryption } from '../../log/test/sampleLog.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { readEvidenceBody } from '../../protocol/evidence/readEvidence.ts';
import {
  acknowledged,
  LOG,
  NOW,
  sampleBody,
  sampleWrite,
} from '../../protocol/test/sampleEvidence.ts';
import { context, coordinators, network, word } from '../../protocol/test/sampleNetwork.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { newEntryOf } from '../entries/newEntryOf.ts';
import { examineCoordinator } from './examineCoordinator.ts';
import { examineStoredLog } from '../../fsck/examineLog.ts';
import type { OrganisationExamination } from '../examination/OrganisationExamination.ts';

const primitives = await createNativePrimitives();

/** Versions that a coordinator promised to another request than the one that has them. */
const OWN = { record: word('judged by it'), version: 1, file: word('file that it judged') };
const OTHERS = { record: word('judged by the others'), version: 1, file: word('file of others') };
/** A version that it judged, whose number begins with that of another. */
const TENTH = { record: OTHERS.record, version: 10, action: 'amend', file: word('tenth') } as const;

function isWrong(row: string, what: string): string {
  return `hospital: coordinator: ${row} ${what}`;
}

// @attack somebody alters the note of a release in a coordinator’s store | `fsck` names it; the coordinator signed it, and it is not taken for a promise that was altered
it('what a coordinator promised is wrong where it judged another request, not where others did without it; a release, where it did not sign it so', async () => {
  const [hospital, ...others] = coordinators;
  assert.ok(hospital);
  const bodies = sampleEncryption();
  const database = keptOpen();
  const { log: identity } = logOf(network, LOG);
  const log = await openEvidenceLog({ identity, database, primitives, bodies });
  const entries = [
    ...(await acknowledged([sampleBody({}, OWN), sampleBody({}, TENTH)], coordinators)),
    ...(await acknowledged([sampleBody({}, OTHERS)], others)),
  ];
  await log.append(entries.map((each) => newEntryOf(each, readEvidenceBody(context, each.body))));

  const coordinator = new MemoryDatabase();
  const names = [OWN, OTHERS].map((each) => `${sampleWrite.handle}/${each.record}/${each.version}`);
  const claim = { by: word('another request'), log: LOG, at: NOW, includeBy: NOW + 60 };
  for (const name of names) await coordinator.put(`claim/version/${name}`, JSON.stringify(claim));
  const files = [OWN.file, OTHERS.file, TENTH.file, word('of no entry')];
  for (const file of files) {
    const ofFile = { ...claim, by: names[1] };
    await coordinator.put(`claim/file/${file}`, JSON.stringify(ofFile));
  }
  await coordinator.put(`claim/file/${word('altered')}`, JSON.stringify({ ...claim, by: 'me' }));
  const key = word('its share');
  const noted = { log: identity.id, key, recipient: word('its reader'), at: NOW };
  for (const [place, name] of ['noted', 'under another entry', 'later', 'by another'].entries()) {
    const [entry, signed] = [word(name), place === 1 ? word('noted') : word(name)];
    const release = {
      ...noted,
      entries: listRoot(primitives, [signed]),
      shares: ZERO32,
      seals: ZERO32,
    };
    const by = place === 3 ? others[0] : hospital;
    assert.ok(by);
    const { signature } = sign(context, by, 'ShareRelease', release);
    const row = { ...noted, ...(place === 2 && { at: NOW + 1 }), signature };
    await coordinator.put(`released/${entry}`, JSON.stringify(row));
  }
  const seen = new Map<string, string>();
  const faults: string[] = [];
  const examination = {
    data: '',
    organisation: 'hospital',
    network,
    keys: { coordinator: hospital, storage: new Uint8Array(32).fill(7) },
    ports: { primitives, random: () => new Uint8Array(0) },
    scratch: {
      store: async () => await Promise.resolve(database),
      note: async (key: string, value = '') => await Promise.resolve(void seen.set(key, value)),
      under: async function* (prefix: string) {
        yield* await Promise.resolve([...seen].filter(([key]) => key.startsWith(prefix)));
      },
    },
    hearer: {
      fault: ({ what }: { what: string }) => void faults.push(what),
      part: () => undefined,
      progress: () => undefined,
    },
    ledger: undefined,
  } as unknown as OrganisationExamination;
  const stores = {
    coordinator: undefined,
    vault: undefined,
    contributor: undefined,
    erasures: [],
  };
  await examineStoredLog(examination, identity, stores);
  assert.deepEqual(faults, []);
  await examineCoordinator(examination, coordinator);
  assert.deepEqual(
    new Set(faults),
    new Set([
      isWrong(`claim/version/${names[0]}`, 'names another request than the one it judged'),
      ...[OWN.file, TENTH.file].map((file) =>
        isWrong(`claim/file/${file}`, 'names another version than the one it judged'),
      ),
      isWrong(`claim/file/${word('altered')}`, 'was altered'),
      ...['under another entry', 'later', 'by another'].map((name) =>
        isWrong(`released/${word(name)}`, 'was altered'),
      ),
    ]),
  );
});
