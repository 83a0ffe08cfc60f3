import { addressOf } from '../../crypto/addressOf.ts';
import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { createNoteKey, type NoteKey } from '../../crypto/note/NoteKey.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { domainOf } from '../struct/domainOf.ts';
import type { Address, Bytes32, Organisation } from '../ids.ts';
import { DEFAULT_LONGEST_RIGHT } from '../network/longestRightOf.ts';
import type { Channel, NetworkFile } from '../network/NetworkFile.ts';
import type { SigningContext } from '../struct/signing.ts';

/** A network of three organisations that tests invent; every key follows from a name. */

export const primitives = await createNativePrimitives();

/** Someone with a key. */
export interface Signatory {
  readonly address: Address;
  readonly signingKey: Uint8Array;
}

/** The key that a name stands for. */
export function signatory(name: string): Signatory {
  const signingKey = primitives.sha256(utf8ToBytes(name));
  return { address: addressOf(primitives, primitives.publicKey(signingKey)), signingKey };
}

/** 32 bytes that a name stands for. */
export function word(name: string): Bytes32 {
  return bytesToHex(primitives.sha256(utf8ToBytes(name)));
}

export const ORGANISATIONS = ['hospital', 'laboratory', 'insurer'] as const;
export const coordinators = ORGANISATIONS.map((name) => signatory(`coordinator of ${name}`));

/** First line of the checkpoints of an organisation's log. */
export function originOf(organisation: Organisation): string {
  return `medseal.test/care/${organisation}`;
}

/** The note key of an organisation's log. */
export function noteKeyOf(organisation: Organisation): NoteKey {
  const seed = primitives.sha256(utf8ToBytes(`log of ${organisation}`));
  return createNoteKey(originOf(organisation), seed);
}

export const network: NetworkFile = {
  format: 'medseal-network/1',
  networkId: `0x${'5a'.repeat(32)}`,
  demo: true,
  ledger: { chainId: 31_337, genesis: word('genesis') },
  contracts: {
    registry: signatory('registry').address,
    consent: signatory('consent').address,
    evidence: signatory('evidence').address,
  },
  authority: {
    threshold: 2,
    members: ORGANISATIONS.map((organisation) => ({
      organisation,
      address: signatory(`authority of ${organisation}`).address,
    })),
  },
  rights: { longest: DEFAULT_LONGEST_RIGHT },
  channels: [
    {
      name: 'care',
      faulty: 0,
      thresholds: { writes: 2, views: 2 },
      coordinators: ORGANISATIONS.map((organisation) => ({
        organisation,
        address: signatory(`coordinator of ${organisation}`).address,
      })),
      logs: ORGANISATIONS.map((organisation) => ({
        name: `care/${organisation}`,
        organisation,
        origin: originOf(organisation),
        id: word(originOf(organisation)),
        key: noteKeyOf(organisation).verifierKey,
      })),
    },
  ],
};

/** A second channel of the same organisations, with the same coordinators and logs of its own. */
export const research: Channel = {
  name: 'research',
  faulty: 0,
  thresholds: { writes: 2, views: 2 },
  coordinators: network.channels.flatMap((channel) => channel.coordinators),
  logs: ORGANISATIONS.map((organisation) => {
    const origin = `medseal.test/research/${organisation}`;
    const key = createNoteKey(origin, primitives.sha256(utf8ToBytes(`log of ${organisation}`)));
    return {
      name: `research/${organisation}`,
      organisation,
      origin,
      id: word(origin),
      key: key.verifierKey,
    };
  }),
};

export const context: SigningContext = { domain: domainOf(network), primitives };
