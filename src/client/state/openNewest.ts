import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Base64 } from '../../protocol/evidence/evidence.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import type { StateKeys } from '../../protocol/network/votesOnNewest.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { signerOf } from '../../protocol/struct/signing.ts';
import { openSealed } from '../records/openSealed.ts';
import { isRecovered } from '../party/isRecovered.ts';
import type { Party } from '../party/Party.ts';
import { openedState, type PatientState, type StoredState } from './PatientState.ts';
import { keepsIn, keysOfStates } from './keysOfStates.ts';
import { requireNewest } from './requireNewest.ts';
import type { ChartViewed } from '../records/viewChart.ts';

/** The newest state of a patient's devices. */
export interface NewestOpened {
  readonly state: PatientState;
  /** True if a key signed it that signs no states now: a former one, or one that acted. */
  readonly isOfFormer: boolean;
}

/**
 * Opens a state that a lost key sealed (`openForHeir`). Only a takeover brings it along, so no page loads it that does none.
 *
 * @param party - The patient.
 * @param handle - The patient's chart.
 * @param sealed - The state.
 * @returns The state, as a device stored it.
 */
export type OpensForHeir = (party: Party, handle: Handle, sealed: Base64) => Promise<unknown>;

/** Options of a state that is opened. */
export interface OpeningOptions {
  /** Erasures under way that this device knows. */
  readonly erasing?: PatientState['erasing'] | undefined;
  /** Opens what a lost key sealed by what coordinators release: in a takeover alone. */
  readonly openForHeir?: OpensForHeir | undefined;
}

/**
 * Opens the state of a patient's devices that a view of the patient's own chart released, after checks that one of
 * these devices signed it, and that k coordinators do not know a newer one. The span of one that a former key signed ends: a
 * change of key was cut off before the new key adopted the state, and a holder of the former key may have chosen it. On a device of
 * the patient one that somebody else's key signed names no erasure but those that this device knows: it would enter them, and a
 * representative may not erase. One that a lost key sealed opens in a takeover alone, by what coordinators release to the recovered one.
 *
 * @param party - The patient.
 * @param handle - The patient's chart.
 * @param viewed - Released chart.
 * @param options - `erasing`, `openForHeir`.
 * @returns State, or undefined if nodes have no state.
 * @throws MedsealError `STATE_UNSIGNED`, `STATE_STALE`; `TAKEOVER_DUE` for a state that a lost key kept, but in a takeover.
 */
export async function openNewest(
  party: Party,
  handle: Handle,
  { digest, packet, keep, newest }: ChartViewed,
  { erasing, openForHeir }: OpeningOptions = {},
): Promise<NewestOpened | undefined> {
  const keys = await keysOfStates(party, handle, [keep, ...keepsIn(newest)]);
  const signed =
    packet === undefined ? undefined : requireSigned(party, handle, packet, keep, keys);
  requireNewest(party, { handle, nonce: digest }, signed?.hash, newest, keys);
  if (packet === undefined) return undefined;
  const { signers, acting = [] } = keys;
  const isOfFormer = signed === undefined || ![signers.at(-1), ...acting].includes(signed.signer);
  const isOwn = signed !== undefined && signers.includes(signed.signer);
  // Also if it opens: whoever found the lost key can have sealed it to the new one.
  if (isOfFormer && isOwn && isRecovered(party) && openForHeir === undefined) throw takeoverDue();
  const stored = await openSealed<StoredState>(party, handle, packet).catch(
    async (error: unknown) => {
      if (!isRecovered(party) || !isMedsealError(error, 'SEAL_UNREADABLE')) throw error;
      if (openForHeir === undefined) throw takeoverDue();
      return (await openForHeir(party, handle, packet)) as StoredState;
    },
  );
  const state = openedState(party, stored, isOfFormer);
  if (party.acting !== undefined || signed === undefined || isOwn) return { state, isOfFormer };
  const { erasing: _, ...others } = state;
  return { state: { ...others, ...(erasing && { erasing }) }, isOfFormer };
}

/** A sealed state, and the address of the key that signed it. */
interface StateSigned {
  readonly hash: Bytes32;
  readonly signer: Address;
}

/** Throws if no device of this patient signed the state: then the agent lies, and the phrase is not at fault. */
function requireSigned(
  party: Party,
  handle: Handle,
  sealed: Base64,
  keep: unknown,
  { signers, acting = [], acted = [] }: StateKeys,
): StateSigned {
  const hash = bytesToHex(party.primitives.sha256(utf8ToBytes(sealed)));
  let signed: StateSigned | undefined;
  const isSigned = succeeds(() => {
    const { message, signature } = parseSigned(keep, ['Keep']);
    const signer = signerOf(party, 'Keep', message, signature);
    signed = { hash, signer };
    if (![...signers, ...acting, ...acted].includes(signer)) return false;
    return message.handle === handle && message.state === hash;
  });
  if (!isSigned || signed === undefined) throw new MedsealError('STATE_UNSIGNED', {});
  return signed;
}

function takeoverDue(): MedsealError {
  return new MedsealError('TAKEOVER_DUE', {});
}
