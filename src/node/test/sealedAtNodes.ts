import type { Base64 } from '../../protocol/evidence/evidence.ts';
import type { TestNetwork } from './testNetwork.ts';

/** An age file in base64: `age-encryption.org/v1`, and what follows. */
const SEALED = /YWdlLWVuY3J5cHRpb24u[A-Za-z0-9+/]+=*/g;

/**
 * Returns everything in base64 that is sealed and lies in a database of any organisation now: packets, states, letters.
 *
 * @param network - The network.
 * @param but - An organisation that is left out: one that was away or lies may hold what others deleted.
 */
export async function sealedAtNodes(
  network: Pick<TestNetwork, 'keys' | 'save'>,
  but?: string,
): Promise<readonly Base64[]> {
  const found = new Set<Base64>();
  for (const organisation of network.keys.keys()) {
    if (organisation === but) continue;
    for (const rows of (await network.save(organisation)).values()) {
      for (const [, value] of rows) {
        for (const [sealed] of Buffer.from(value).toString('latin1').matchAll(SEALED)) {
          found.add(sealed);
        }
      }
    }
  }
  return [...found];
}
