import { ageIdentity, recipientKey, recipientOf } from '../../../src/crypto/keys/ageIdentity.ts';
import { openBytes } from '../../../src/crypto/sealing/openBytes.ts';
import { portableKem } from '../../../src/crypto/sealing/portableKem.ts';
import { sealBytes } from '../../../src/crypto/sealing/sealBytes.ts';
import { whoHalfOf } from '../../../src/crypto/threshold/evidencedKem.ts';
import {
  evidencedIdentity,
  evidencedRecipient,
} from '../../../src/crypto/threshold/evidencedStanza.ts';
import { nobleGroup } from '../../../src/crypto/threshold/nobleGroup.ts';
import { sampleKey } from '../../../src/crypto/threshold/test/sampleKey.ts';
import { openingOf } from '../openingOf.ts';

/** A web page that opens a guarded file of 4 KiB, to be bundled. */

/** Milliseconds of one opening, medians. */
export interface OpeningTimes {
  readonly guarded: number;
  readonly plain: number;
}

/** Rounds before the first that counts: engines compile meanwhile what is called often. */
const WARM = 40;

/**
 * Tells how long an opening takes from two shares, and beside it without a release. They take turns, so that other work of the
 * machine slows both.
 *
 * @param rounds - Number of openings of each.
 */
export async function measureReleased(rounds: number): Promise<OpeningTimes> {
  const { guarded, plain } = await prepared();
  const opens = [guarded, plain];
  const times: number[][] = opens.map(() => []);
  for (let round = -WARM; round < rounds; round++) {
    for (const [place, open] of opens.entries()) {
      const begun = performance.now();
      await open();
      if (round >= 0) times[place]?.push(performance.now() - begun);
    }
  }
  const [one = 0, two = 0] = times.map(
    (each) => each.toSorted((a, b) => a - b)[each.length >> 1] ?? 0,
  );
  return { guarded: one, plain: two };
}

async function prepared(): Promise<{
  readonly guarded: () => Promise<unknown>;
  readonly plain: () => Promise<unknown>;
}> {
  const { key, secrets } = sampleKey(nobleGroup, random);
  const [identity, seed] = [random(200), random(32)];
  const recipient = await recipientOf(ageIdentity(seed));
  const { publicKey } = key;
  const target = { recipientKey: recipientKey(recipient), publicKey, identity, keyId: random(32) };
  const content = random(4096);
  const evidenced = evidencedRecipient(nobleGroup, portableKem, target, random);
  const file = await sealBytes([evidenced], content);
  const plainFile = await sealBytes([recipient], content);
  const combine = await openingOf(
    nobleGroup,
    { target, members: key.members, secrets, random },
    file,
  );
  const opener = evidencedIdentity(identity, ({ encapsulated }) => [
    {
      who: whoHalfOf(portableKem.decapsulate(seed, encapsulated), encapsulated, identity),
      evidence: combine(),
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
