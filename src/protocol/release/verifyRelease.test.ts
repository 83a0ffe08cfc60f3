import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listRoot } from '../wire/listRoot.ts';
import type { NetworkFile, ReleaseKey } from '../network/NetworkFile.ts';
import { HANDOVER } from '../network/officesOf.ts';
import { recipientHash } from '../rights/recipientHash.ts';
import { sign } from '../struct/signing.ts';
import {
  context,
  network,
  ORGANISATIONS,
  primitives,
  signatory,
  word,
} from '../test/sampleNetwork.ts';
import { withCoordinator } from '../test/sampleSuccessors.ts';
import type { ReleasedShares } from './ReleasedShares.ts';
import { shareKeyId } from './releasedShare.ts';
import { releaseKeyOf } from './releaseKeyOf.ts';
import { verifyRelease } from './verifyRelease.ts';

/** Statements of a coordinator that has its key since a change. */

const SINCE = 1_900_000_000;
const LOG = 'care/hospital';
const RECIPIENT = 'age1pq1reader';
const SEAL = word('seal');
const FORMER = signatory('former coordinator of hospital');
const PRESENT = signatory('coordinator of hospital');

const release: ReleaseKey = {
  threshold: 2,
  publicKey: `0x02${'a0'.repeat(32)}`,
  shares: ORGANISATIONS.map((organisation, place) => {
    return { organisation, index: place + 1, key: `0x02${`a${place + 1}`.repeat(32)}` };
  }),
};
const channels = network.channels.map((channel) => ({ ...channel, release }));
const file: NetworkFile = {
  ...network,
  channels,
  before: [
    {
      fingerprint: word('before'),
      until: SINCE,
      channels: channels.map((channel) => withCoordinator(channel, 'hospital', FORMER)),
    },
  ],
};

function stated(at: number, key = PRESENT): ReleasedShares {
  const entries = [word('entry')];
  const message = {
    log: network.channels[0]?.logs.find(({ name }) => name === LOG)?.id ?? assert.fail(),
    entries: listRoot(primitives, entries),
    shares: word('shares'),
    seals: listRoot(primitives, [SEAL]),
    key: shareKeyId(primitives, releaseKeyOf(file, LOG) ?? assert.fail(), 'hospital') ?? '0x',
    recipient: recipientHash(primitives, RECIPIENT),
    at,
  };
  const { party: coordinator, signature } = sign(context, key, 'ShareRelease', message);
  return { release: message, entries, sealed: '', coordinator, signature };
}

/** The organisation whose statement holds, for one view and this seal. */
function verified(released: ReleasedShares, seal = SEAL): string | undefined {
  const seals = new Map([[word('entry'), seal]]);
  return verifyRelease(context, file, LOG, { recipient: RECIPIENT, seals }, released);
}

function by(...given: Parameters<typeof stated>): string | undefined {
  return verified(stated(...given));
}

describe('a statement of a coordinator that released shares', () => {
  // @attack a coordinator dates a false share to before it was in office, so that no proof convicts it and those of others do not hold either | its statement counts as no answer
  it('counts if it was in office then: else no proof that holds it would convict it of a false share', () => {
    assert.equal(by(SINCE + 1000), 'hospital');
    assert.equal(by(SINCE - HANDOVER), 'hospital');
    for (const at of [0, SINCE - HANDOVER - 1]) assert.equal(by(at), undefined);
    // The key of before is not in office now, whatever it says of the time.
    assert.equal(by(SINCE - 1000, FORMER), undefined);
    assert.equal(by(SINCE + 1000, signatory('coordinator of insurer')), undefined);
  });

  // @attack a coordinator signs another seal than it was asked to open, so that its share is judged by that one | its statement counts as no answer
  it('counts for the seals that were asked for alone', () => {
    const released = stated(SINCE + 1000);
    assert.equal(verified(released), 'hospital');
    assert.equal(verified(released, word('another seal')), undefined);
  });
});
