import assert from 'node:assert/strict';
import { it } from 'node:test';
import { bytesToHex } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { MerkleFrontier } from '../../crypto/merkle/MerkleFrontier.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import type { NoteKey } from '../../crypto/note/NoteKey.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import { followSuccessors } from '../../protocol/network/followSuccessors.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { LOG, NOW } from '../../protocol/test/sampleEvidence.ts';
import { context, network, noteKeyOf, primitives } from '../../protocol/test/sampleNetwork.ts';
import {
  fileOf,
  laterNoteKeyOf,
  signedBy,
  termsOf,
  withLogKey,
} from '../../protocol/test/sampleSuccessors.ts';
import type { SignedEdge } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { findForgotten } from './findForgotten.ts';
import { isProvenEdge } from './isProvenEdge.ts';

/** Others show an organisation its own log, whose key changed. */

const [care = assert.fail()] = network.channels;
const newKey = laterNoteKeyOf('hospital');
const oldKey = noteKeyOf('hospital');
const terms = { ...termsOf(network, NOW), channels: [withLogKey(care, 'hospital', newKey)] };
const successor = signedBy(network, terms, ['hospital', 'laboratory']);
const [, changed = assert.fail()] = followSuccessors(context, network, fileOf(successor));
const { log: identity } = logOf(changed, LOG);
const empty = MerkleFrontier.empty(primitives);
const log = {
  identity,
  size: 0,
  root: async () => await Promise.resolve(bytesToHex(empty.root())),
} as unknown as EvidenceLog;
const services = {
  ...context,
  network: changed,
  organisation: 'hospital',
  index: { checkpoint: () => undefined },
} as unknown as ServiceContext;

/** A checkpoint of one entry, as a key signs it. */
function edgeBy(key: NoteKey): SignedEdge & { readonly note: string } {
  const edge = MerkleFrontier.empty(primitives);
  edge.append(leafHash(primitives, new Uint8Array(32)));
  const { size } = edge;
  const text = formatCheckpoint({ origin: identity.origin, size, root: edge.root() });
  return {
    size,
    root: bytesToHex(edge.root()),
    peaks: edge.peaks.map(bytesToHex),
    note: signNote(primitives, text, [key]),
  };
}

async function forgottenIf(signed: SignedEdge, shownNote?: string): Promise<string | undefined> {
  const none: SignedEdge = { size: 0, root: bytesToHex(empty.root()), peaks: [] };
  const own = {
    logs: new Map([[LOG, log]]),
    coordinator: { lastSigned: async () => await Promise.resolve(none) },
    address: network.authority.members[0]?.address ?? assert.fail(),
  };
  const shown =
    shownNote === undefined ? undefined : { note: shownNote, from: 0, entries: [], verdicts: [] };
  return await findForgotten(services, own, {
    coordinator: {
      lastSigned: async () => await Promise.resolve(signed),
      shown: async () => await Promise.resolve(shown),
    },
    contributor: { latestCheckpoint: async () => await Promise.resolve(undefined) },
  });
}

it('an organisation learns that it was rolled back from what its log’s present key signed', async () => {
  const what = 'care/hospital had 1 entries, and has 0';
  const none: SignedEdge = { size: 0, root: bytesToHex(empty.root()), peaks: [] };
  assert.equal(await forgottenIf(edgeBy(newKey)), what);
  assert.equal(await forgottenIf(none, edgeBy(newKey).note), what);
  assert.equal(await isProvenEdge(primitives, log, edgeBy(newKey)), true);
});

// @actor a thief of a former log key | to put its node out of service
it('a thief of its log’s former key, with a lying organisation, makes it believe nothing', async () => {
  const stolen = edgeBy(oldKey);
  const none: SignedEdge = { size: 0, root: bytesToHex(empty.root()), peaks: [] };
  assert.equal(await forgottenIf(stolen), undefined);
  assert.equal(await forgottenIf(none, stolen.note), undefined);
  assert.equal(await isProvenEdge(primitives, log, stolen), false);
});
