import { base64 } from '@scure/base';
import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { BASE } from '../../crypto/threshold/GroupPort.ts';
import { sealBytes } from '../../crypto/sealing/sealBytes.ts';
import { canonicalJson } from '../../protocol/wire/canonicalJson.ts';
import type { Hex, Organisation } from '../../protocol/ids.ts';
import { listRoot } from '../../protocol/wire/listRoot.ts';
import { shareHash } from '../../protocol/release/releasedShare.ts';
import type { ShareRelease } from '../../protocol/struct/requests.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { sign } from '../../protocol/struct/signing.ts';
import type { CoordinatorPort } from '../../services/ports.ts';
import type { TestNetwork } from './testNetwork.ts';

/** A share of nothing: the generator, with a proof that proves nothing. */
export const GENERATOR = `${bytesToHex(BASE)}${'01'.repeat(64)}`;

/**
 * Has a coordinator release something else than its shares, as its operator could: it seals and signs that.
 *
 * @param network - The network.
 * @param organisation - Whose coordinator lies.
 * @param sharesOf - Makes what it seals in place of so many shares; points that are not its shares if absent.
 * @param change - Changes what it signs.
 */
export function falseShares(
  network: TestNetwork,
  organisation: Organisation,
  sharesOf: (count: number) => readonly unknown[] = (count) => Array(count).fill(GENERATOR),
  change: Partial<ShareRelease> = {},
): void {
  const { coordinator } = network.services(organisation);
  const { primitives } = network.ports;
  const key = network.keys.get(organisation)?.coordinator;
  if (key === undefined) throw new Error(`no coordinator of ${organisation}`);
  const release: CoordinatorPort['release'] = async (request) => {
    const released = await coordinator.release(request);
    const shares = sharesOf(released.entries.length);
    const salts = shares.map(() => bytesToHex(new Uint8Array(16)));
    const hashes = shares.map((share, place) =>
      shareHash(primitives, { share: hexOf(share), salt: salts[place] ?? '0x' }),
    );
    const plaintext = utf8ToBytes(canonicalJson({ format: 'medseal-shares/2', shares, salts }));
    const message = { ...released.release, shares: listRoot(primitives, hashes), ...change };
    const context = { primitives, domain: domainOf(network.file) };
    const { signature } = sign(context, key, 'ShareRelease', message);
    const { cipher } = network.ports;
    const sealed = base64.encode(await sealBytes([request.recipient], plaintext, { cipher }));
    return { ...released, release: message, signature, sealed };
  };
  network.liars.coordinator.set(organisation, { ...coordinator, release });
}

function hexOf(share: unknown): Hex {
  const isHex = typeof share === 'string' && /^0x(?:[0-9a-f]{2})*$/.test(share);
  return isHex ? bytesToHex(hexToBytes(share)) : '0x';
}
