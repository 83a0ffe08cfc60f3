import {
  changeKey,
  confirmFacts,
  webPorts,
  type DeviceStore,
  type Party,
  aloneOn,
} from '../../../src/client/index.ts';
import { addressOfSeed } from '../../../src/crypto/keys/addressOfSeed.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import type { Address } from '../../../src/protocol/ids.ts';
import { copyDevice } from '../vault/copyDevice.ts';
import { KeyChest } from '../vault/KeyChest.ts';
import type { KeptKey } from '../vault/keptKeys.ts';
import { openKept } from '../vault/openKept.ts';
import { openKeyDevice } from '../vault/openKeyDevice.ts';
import { requireKeyOf } from '../vault/requireKeyOf.ts';
import { sealFormer } from '../vault/sealFormer.ts';
import { workerScrypt } from '../worker/workerScrypt.ts';
import type { ChangeStep } from './changeSteps.ts';
import { finishChange } from './finishChange.ts';
import { openSession, refreshSession } from './openSession.ts';
import { openPartyHere } from './openPartyHere.ts';
import type { Place } from './Place.ts';
import type { Session } from './Session.ts';
import { lockTabs } from './useIdleLock.ts';

/** A change of a key that this browser keeps. */
export interface KeptChange {
  /** Address of the party. */
  readonly address: Address;
  readonly passphrase: string;
  /** Seed of the new key, whose words are on paper; absent to go on with the one that the chest has. */
  readonly seed?: Uint8Array;
  /** Address of the key that the person means to change; any if absent. */
  readonly of?: Address | undefined;
}

/**
 * Changes a key that this browser keeps. The new seed lies in the chest, under the same passphrase, before anything is
 * signed, and takes the place of the present one in one write once the change stands. Whatever ends it, unlocking goes on
 * with it. One tab does it at once; another one waits. It needs nothing of the page's session, which may be locked meanwhile.
 *
 * @param place - The organisation's agent.
 * @param change - The key, its passphrase and the new seed.
 * @param onStep - Hears which step begins.
 * @returns The session with the new key.
 * @throws MedsealError `PASSPHRASE_WRONG`; `KEY_CHANGED` if the key was changed elsewhere, or another change of it was
 * begun; what `changeKey` throws. Repeat it then with the same seed.
 */
export async function changeKept(
  place: Place,
  change: KeptChange,
  onStep: (step: ChangeStep) => void,
): Promise<Session> {
  return await navigator.locks.request(
    `medseal change ${change.address}`,
    async () => await changeAlone(place, change, onStep),
  );
}

async function changeAlone(
  place: Place,
  { address, passphrase, seed, of }: KeptChange,
  onStep: Parameters<typeof changeKept>[2],
): Promise<Session> {
  const chest = new KeyChest(place.shelf, workerScrypt);
  const kept = await chest.find(address);
  const { called, signer = address } = kept;
  const wanted = seed && addressOfSeed(webPorts.primitives, seed);
  const isDone = wanted === undefined ? kept.next === undefined : wanted === signer;
  // Another tab has changed it, or began to, with words that lie on another paper.
  const isOther = wanted !== undefined && (kept.next?.signer ?? wanted) !== wanted;
  if (!isDone && (isOther || (of ?? signer) !== signer)) throw new MedsealError('KEY_CHANGED', {});
  onStep('opening');
  const opened = await openKept(kept, await chest.open(kept, passphrase));
  if (isDone) {
    const session = await openSession(place, { ...opened, address, called });
    if (kept.unfinished) await finishChange(chest, session);
    return session;
  }
  const from = await openKeyDevice(opened.seed);
  let device: DeviceStore = from.device;
  const moving: DeviceStore = {
    read: async (name) => await device.read(name),
    write: async (name, value) => await device.write(name, value),
    alone: async (work) => await aloneOn(device, work),
  };
  const party = await openPartyHere(place, { device: moving, address, ...opened });
  await requireChangeable(party, [signer, kept.next?.signer]);
  onStep('keeping');
  const next = await nextOf(chest, kept, { passphrase, ...(seed && { seed }) });
  const to = await openKeyDevice(next.seed);
  // They have the old key, which signs nothing from then on.
  lockTabs('this');
  onStep('asking');
  const changed = async (): Promise<void> => {
    onStep('moving');
    await copyDevice(from, to);
    const former = await sealFormer(address, next.seed, [opened.seed, ...opened.formerSeeds]);
    const { signer: own, sealed } = next;
    await chest.update(address, () => {
      return { address, called, signer: own, sealed, former, unfinished: true };
    });
    ({ device } = to);
    onStep('turning');
  };
  const renewed = await changeKey(party, next.seed, { changed });
  const session = await refreshSession({ place, called, party: renewed.party });
  await finishChange(chest, session);
  return session;
}

/** The next key, which is in the chest before anything is signed. */
async function nextOf(
  chest: KeyChest,
  { address, next }: KeptKey,
  { passphrase, seed }: Pick<KeptChange, 'passphrase' | 'seed'>,
): Promise<{ readonly signer: Address; readonly sealed: Uint8Array; readonly seed: Uint8Array }> {
  if (next !== undefined) {
    const known = await chest.open(next, passphrase);
    requireKeyOf(next.signer, known);
    return { ...next, seed: known };
  }
  if (seed === undefined) throw new MedsealError('NOT_FOUND', { what: 'key' });
  const begun = {
    signer: addressOfSeed(webPorts.primitives, seed),
    sealed: await chest.seal(seed, passphrase),
  };
  await chest.update(address, (kept) => ({ ...kept, next: begun }));
  return { ...begun, seed };
}

/**
 * Requires that the organisations would take a change, before one is begun. A party that took a third key elsewhere has
 * other words than those on any paper of this change.
 */
async function requireChangeable(
  party: Party,
  known: readonly (Address | undefined)[],
): Promise<void> {
  const { party: facts } = await confirmFacts(party, { party: party.address });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if (facts.suspended) throw new MedsealError('PARTY_SUSPENDED', {});
  if (!known.includes(facts.key?.signer ?? facts.party)) throw new MedsealError('KEY_CHANGED', {});
}
