import { MedsealError } from '../../../src/errors/MedsealError.ts';

/** A passkey of this device, and what it is asked to give its secret. */
export interface Passkey {
  /** Identifier of the credential. */
  readonly id: Uint8Array;
  /** Input of its pseudo-random function, 32 bytes. */
  readonly salt: Uint8Array;
}

/** Milliseconds that the person has to answer the device. */
const PATIENCE = 120_000;

/**
 * Tells whether this page can use passkeys: the browser has them, and the address has a name, as WebAuthn requires.
 */
export function mayHavePasskeys(): boolean {
  return 'PublicKeyCredential' in globalThis && !/^[\d.]+$|:/.test(location.hostname);
}

/**
 * Makes a passkey on this device, which the device guards with a finger, a face or a PIN, and asks it for its secret
 * (WebAuthn Level 3, extension `prf`).
 *
 * @param called - Name under which the device shows it.
 * @returns The passkey, and its secret of 32 bytes.
 * @throws MedsealError `PASSKEY_REFUSED` if the person or the device refuses, or the device has no such secrets.
 */
export async function makePasskey(
  called: string,
): Promise<{ readonly passkey: Passkey; readonly secret: Uint8Array }> {
  const salt = random(32);
  const made = await asked(
    async () =>
      await navigator.credentials.create({
        publicKey: {
          rp: { name: 'Medseal' },
          user: { id: random(16), name: called, displayName: called },
          challenge: random(32),
          pubKeyCredParams: [-7, -8, -257].map((alg) => ({ type: 'public-key', alg })),
          authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
          extensions: { prf: { eval: { first: salt } } },
          timeout: PATIENCE,
        },
      }),
  );
  const passkey = { id: new Uint8Array(made.rawId), salt };
  // Some devices give the secret only when the passkey is used, not yet when it is made.
  return { passkey, secret: secretIn(made) ?? (await secretOfPasskey(passkey)) };
}

/**
 * Asks a passkey for its secret, which the device gives once its person has proved to be there.
 *
 * @param passkey - The passkey.
 * @throws MedsealError `PASSKEY_REFUSED` if the passkey is gone, or the person or the device refuses.
 */
export async function secretOfPasskey({ id, salt }: Passkey): Promise<Uint8Array> {
  const used = await asked(
    async () =>
      await navigator.credentials.get({
        publicKey: {
          challenge: random(32),
          allowCredentials: [{ type: 'public-key', id: Uint8Array.from(id) }],
          userVerification: 'required',
          extensions: { prf: { eval: { first: Uint8Array.from(salt) } } },
          timeout: PATIENCE,
        },
      }),
  );
  const secret = secretIn(used);
  if (secret === undefined) throw new MedsealError('PASSKEY_REFUSED', {});
  return secret;
}

/** The device answers for a refusal, a missing passkey and an elapsed time alike, so that no page learns which. */
async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  const answer = await ask().catch((cause: unknown) => {
    throw new MedsealError('PASSKEY_REFUSED', {}, { cause });
  });
  if (answer === null || !('rawId' in answer)) throw new MedsealError('PASSKEY_REFUSED', {});
  return answer as PublicKeyCredential;
}

function secretIn(credential: PublicKeyCredential): Uint8Array | undefined {
  const first = credential.getClientExtensionResults().prf?.results?.first;
  if (!(first instanceof ArrayBuffer) || first.byteLength !== 32) return undefined;
  return new Uint8Array(first);
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}
