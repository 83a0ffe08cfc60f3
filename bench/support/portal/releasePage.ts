import { ageIdentity, recipientKey, recipientOf } from '../../../src/crypto/keys/ageIdentity.ts';
import { openBytes } from '../../../src/crypto/sealing/openBytes.ts';
import { portableKem } from '../../../src/crypto/sealing/portableKem.ts';
import { sealBytes } from '../../../src/crypto/sealing/sealBytes.ts';
import { combineShares } from '../../../src/crypto/threshold/combineShares.ts';
import { whoHalfOf } from '../../../src/crypto/threshold/evidencedKem.ts';
import {
  evidencedIdentity,
  evidencedRecipient,
} from '../../../src/crypto/threshold/evidencedStanza.ts';
import { extractShare } from '../../../src/crypto/threshold/extractShare.ts';
import { loadMclPairing } from '../../../src/crypto/threshold/loadMclPairing.ts';
import { loadNoblePairing } from '../../../src/crypto/threshold/loadNoblePairing.ts';
import { sampleKey } from '../../../src/crypto/threshold/test/sampleKey.ts';

/** A web page that opens a guarded file of 4 KiB, to be bundled. */

const LOADS = { WebAssembly: loadMclPairing, JavaScript: loadNoblePairing } as const;

/** Milliseconds of one opening, medians. */
export interface OpeningTimes {
  readonly guarded: number;
  readonly plain: number;
}

/** Rounds before the first that counts: engines compile meanwhile what is called often. */
const WARM = 40;

/**
 * Tells how long an opening takes over each implementation, from two shares, and beside it without a release. They take turns, so
 * that other work of the machine slows all of them.
 *
 * @param rounds - Number of openings of each.
 */
export async function measureReleased(
  rounds: number,
): Promise<Readonly<Record<keyof typeof LOADS, OpeningTimes>>> {
  const ways = await Promise.all([preparedFor('WebAssembly'), preparedFor('JavaScript')]);
  const opens = ways.flatMap(({ guarded, plain }) => [guarded, plain]);
  const times: number[][] = opens.map(() => []);
  for (let round = -WARM; round < rounds; round++) {
    for (const [place, open] of opens.entries()) {
      const begun = performance.now();
      await open();
      if (round >= 0) times[place]?.push(performance.now() - begun);
    }
  }
  const [one = 0, two = 0, three = 0, four = 0] = times.map(
    (each) => each.toSorted((a, b) => a - b)[each.length >> 1] ?? 0,
  );
  return {
    WebAssembly: { guarded: one, plain: two },
    JavaScript: { guarded: three, plain: four },
  };
}

async function preparedFor(name: keyof typeof LOADS): Promise<{
  readonly guarded: () => Promise<unknown>;
  readonly plain: () => Promise<unknown>;
}> {
  const pairing = await LOADS[name]();
  const { key, secrets } = sampleKey(pairing, random);
  const [identity, seed] = [random(200), random(32)];
  const recipient = await recipientOf(ageIdentity(seed));
  const { publicKey } = key;
  const target = { recipientKey: recipientKey(recipient), publicKey, identity, keyId: random(32) };
  const content = random(4096);
  const file = await sealBytes([evidencedRecipient(pairing, portableKem, target)], content);
  const plainFile = await sealBytes([recipient], content);
  const shares = [1, 2].map((index) => ({
    index,
    share: extractShare(pairing, secrets.get(index) ?? 1n, identity),
  }));
  const opener = evidencedIdentity(pairing, identity, ({ encapsulated }) => [
    {
      who: whoHalfOf(portableKem.decapsulate(seed, encapsulated), encapsulated, identity),
      evidence: combineShares(pairing, shares),
    },
  ]);
  return {
    guarded: async () => await openBytes([opener], file),
    plain: async () => await openBytes([ageIdentity(seed)], plainFile),
  };
}

function random(length: number): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(length));
}
