import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceLog } from '../../log/EvidenceLog.ts';
import type { SignedTally } from '../../protocol/evidence.ts';
import { ZERO32, type Address, type LogName } from '../../protocol/ids.ts';
import type { Tally, View } from '../../protocol/requests.ts';
import { digestOf, sign } from '../../protocol/signing.ts';
import { tallyNonce } from '../../protocol/tallyNonce.ts';
import { verifyAcknowledgement } from '../../protocol/verifyAcknowledgement.ts';
import { placesFor } from '../entries/placesFor.ts';
import type { TallyQuery } from '../ports.ts';
import type { ServiceContext } from '../ServiceContext.ts';

/**
 * Counts the entries of a log that concern the patient of an acknowledged audit, or that the party of an acknowledged
 * chain signed, in an organisation's own copy.
 *
 * @param context - The organisation's context.
 * @param options - The coordinator's key, and the organisation's logs.
 * @param query - The audit, and the checkpoint to count to.
 * @throws MedsealError `NOT_YET`, `NOT_FOUND`, `CHECKPOINT_REFUSED`, `RIGHT_MISSING`, `EVIDENCE_INVALID`.
 */
export async function tallyEntries(
  context: ServiceContext,
  options: {
    readonly key: { readonly address: Address; readonly signingKey: Uint8Array };
    readonly logs: ReadonlyMap<LogName, EvidenceLog>;
  },
  { audit, log: name, size, root }: TallyQuery,
): Promise<SignedTally> {
  const { flag, request } = verifyAcknowledgement(context, context.network, audit);
  const view = request.message as View;
  const isListed = view.what === 'audit' || view.what === 'chain';
  if (flag !== 'A' || request.type !== 'View' || !isListed) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  const log = options.logs.get(name);
  if (log === undefined) throw new MedsealError('NOT_FOUND', { what: 'log' });
  if (size > log.size) throw new MedsealError('NOT_YET', { what: 'copy of the log' });
  if ((await log.root(size)) !== root) {
    throw new MedsealError('CHECKPOINT_REFUSED', { reason: 'the copy here is another log' });
  }
  // A coordinator that cannot say whom each entry concerns does not count: too small a number would be a lie.
  if (view.what === 'audit' && (await log.unknown()).some((index) => index < size)) {
    throw new MedsealError('NOT_YET', { what: 'index of entries whose bodies were erased' });
  }
  const places = await placesFor(log, { party: request.party, message: view }, size);
  const tally: Tally = {
    nonce: tallyNonce(context.primitives, digestOf(context, 'View', view), root),
    log: log.identity.id,
    handle: view.handle,
    size,
    count: places.length,
    last: await entryAt(log, places.at(-1)),
  };
  const { party: coordinator, signature } = sign(context, options.key, 'Tally', tally);
  return { tally, coordinator, signature };
}

async function entryAt(log: EvidenceLog, index: number | undefined): Promise<Tally['last']> {
  if (index === undefined) return ZERO32;
  const [stored] = await log.stored({ from: index, to: index + 1 });
  return stored?.entry ?? ZERO32;
}
