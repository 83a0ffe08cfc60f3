import { setImmediate } from 'node:timers/promises';
import { base64 } from '@scure/base';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { recipientKey } from '../../crypto/keys/ageIdentity.ts';
import type { PayloadCipher } from '../../crypto/sealing/PayloadCipher.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { extractShare } from '../../crypto/threshold/extractShare.ts';
import { parseScalar } from '../../crypto/threshold/scalars.ts';
import { SYNCED, type ServiceDatabase } from '../../database/synced.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import {
  acknowledgementCheck,
  type AcknowledgementCheck,
} from '../../protocol/acknowledgementCheck.ts';
import { canonicalJson } from '../../protocol/canonicalJson.ts';
import type { Acknowledgement } from '../../protocol/evidence.ts';
import type { Address, Bytes32, Hex, LogName } from '../../protocol/ids.ts';
import { judgeEvidence } from '../../protocol/judgeEvidence.ts';
import { listRoot } from '../../protocol/listRoot.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import { recipientHash } from '../../protocol/recipientHash.ts';
import type { ReleasedShares, SealedShares } from '../../protocol/release/ReleasedShares.ts';
import { readerSalt } from '../../protocol/release/readerSalt.ts';
import { MOST_RELEASED } from '../../protocol/release/ReleaseAsked.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import type { View } from '../../protocol/requests.ts';
import { sign } from '../../protocol/signing.ts';
import { awaitBlock } from '../awaitBlock.ts';
import type { ReleaseRequest, ViewToRelease } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { releasedKey } from './coordinatorKeys.ts';
import type { ReleasedRow } from './coordinatorRows.ts';
import type { OwnShare } from './CoordinatorOptions.ts';

/** Shares that are computed before other work has its turn. */
const AT_ONCE = 8;

/** Parts of a coordinator that releases shares. */
export interface ReleaseOptions {
  readonly database: ServiceDatabase;
  readonly key: { readonly address: Address; readonly signingKey: Uint8Array };
  readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  readonly share?: OwnShare | undefined;
  readonly cipher: PayloadCipher;
}

/**
 * Releases a coordinator's shares for views of records. Each view is one that a quorum judged, and whose entry the log holds or
 * still has time to take; its right holds now by the coordinator's own view; and its salt commits to the recipient. Each release
 * is noted on disk first.
 *
 * @param context - The organisation's context.
 * @param options - Store, key, logs, the share, and a cipher.
 * @param request - Not trusted.
 * @throws MedsealError of the first view that is refused; `SHARE_ABSENT`; `REQUEST_TOO_LARGE`, `REQUEST_MALFORMED`.
 */
export async function releaseShares(
  context: ServiceContext,
  { database, key, logs, share, cipher }: ReleaseOptions,
  { log, recipient, views }: ReleaseRequest,
): Promise<ReleasedShares> {
  const { network, index, primitives } = context;
  const channelKey = releaseKeyOf(network, log);
  if (share === undefined || channelKey === undefined) throw new MedsealError('SHARE_ABSENT', {});
  if (views.length > MOST_RELEASED) {
    throw new MedsealError('REQUEST_TOO_LARGE', { what: 'number of views', limit: MOST_RELEASED });
  }
  // Each costs a share: one view that is named 128 times would cost as many.
  const named = new Set(views.map(({ view }) => view.entry));
  if (named.size === 0 || named.size < views.length) {
    throw new MedsealError('REQUEST_MALFORMED', { what: 'views' });
  }
  recipientKey(recipient);
  const check = acknowledgementCheck(context, network);
  const read = views.map((each) => readView(check, log, each));
  await awaitBlock(context, Math.max(...read.map(({ block }) => block)));
  const asked: { readonly entry: Bytes32; readonly identity: Uint8Array }[] = [];
  for (const [at, { view: acknowledgement, place, ...support }] of views.entries()) {
    const body = read[at];
    if (body === undefined) continue;
    const view = body.request.message as View;
    if (view.salt !== readerSalt(primitives, recipient, place)) {
      throw new MedsealError('EVIDENCE_INVALID', { reason: 'the view names another recipient' });
    }
    await requireEntered(logs.get(log), acknowledgement, index.moment);
    judgeEvidence(context, network, index, body.request, support, index.moment);
    asked.push({
      entry: acknowledgement.entry,
      identity: versionIdentity(network, channelKey, view),
    });
  }
  const at = index.moment;
  const hash = recipientHash(primitives, recipient);
  const noted = { log: logOf(network, log).log.id, recipient: hash, at };
  await note(database, asked, (entry) => {
    const entries = listRoot(primitives, [entry]);
    return {
      ...noted,
      signature: sign(context, key, 'ShareRelease', { ...noted, entries }).signature,
    };
  });
  const secret = parseScalar(share.secret);
  const shares: Hex[] = [];
  for (const [place, { identity }] of asked.entries()) {
    if (place % AT_ONCE === AT_ONCE - 1) await setImmediate();
    shares.push(bytesToHex(extractShare(share.pairing, secret, identity)));
  }
  const entries = asked.map(({ entry }) => entry);
  const release = { ...noted, entries: listRoot(primitives, entries) };
  const plaintext: SealedShares = { format: 'medseal-shares/1', shares };
  const sealed = await sealBytes([recipient], utf8ToBytes(canonicalJson(plaintext)), { cipher });
  const { party: coordinator, signature } = sign(context, key, 'ShareRelease', release);
  return { release, entries, sealed: base64.encode(sealed), coordinator, signature };
}

function readView(
  check: AcknowledgementCheck,
  log: LogName,
  { view }: ViewToRelease,
): ReturnType<AcknowledgementCheck['request']> {
  const body = check.request(view);
  const { type, message } = body.request;
  if (view.log !== log || body.flag !== 'A' || type !== 'View') throw noView();
  if ((message as View).what !== 'record') throw noView();
  return body;
}

/** Requires that the log holds a view's entry, or that its coordinators' promise to have it there is not over. */
async function requireEntered(
  log: EvidenceLog | undefined,
  { index, entry, verdicts }: Acknowledgement,
  now: number,
): Promise<void> {
  if (verdicts.every(({ verdict }) => verdict.includeBy >= now)) return;
  const [held] = (await log?.entriesAt([index])) ?? [];
  if (held !== entry) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'the log did not take the view in time' });
  }
}

/** Notes releases that were not noted before; the first one stays. */
async function note(
  database: ServiceDatabase,
  asked: readonly { readonly entry: Bytes32 }[],
  rowOf: (entry: Bytes32) => ReleasedRow,
): Promise<void> {
  const known = await database.getMany(asked.map(({ entry }) => releasedKey(entry)));
  const fresh = asked.filter((_, place) => known[place] === undefined);
  if (fresh.length === 0) return;
  await database.batch(
    fresh.map(({ entry }) => {
      const value = JSON.stringify(rowOf(entry));
      return { type: 'put' as const, key: releasedKey(entry), value };
    }),
    SYNCED,
  );
}

function noView(): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason: 'it is not an accepted view of a record' });
}
