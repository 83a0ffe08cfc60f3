import type { ErrorCode } from '../../errors/catalogue.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';
import { nodeReason, type NodeReason } from '../../protocol/operator/nodeReasons.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { OrganisationHome } from '../NodeFolder.ts';
import { failureFields } from '../operate/failureFields.ts';
import type { Logger } from '../operate/Logger.ts';
import { homeIn } from '../succession/homeIn.ts';
import type { PkcsToken } from './PkcsToken.ts';

/** Codes of what a node waits for at its token. */
export const TOKEN_CODES: readonly ErrorCode[] = [
  'TOKEN_ABSENT',
  'TOKEN_PIN_WRONG',
  'TOKEN_KEY_ABSENT',
  'TOKEN_KEY_UNUSABLE',
  'TOKEN_KEY_OTHER',
  'TOKEN_SILENT',
];

/**
 * Makes a look at a token, to be repeated: it logs once what is wrong with the token, and that it is back.
 *
 * @param token - The token; undefined if the folder has the keys.
 * @param log - The log.
 */
export function tokenLook(
  token: PkcsToken | undefined,
  log: Pick<Logger, 'info' | 'error'>,
): () => Promise<void> {
  let known: ErrorCode | undefined;
  const tell = (fault: MedsealError | undefined): void => {
    if (fault?.code === known) return;
    known = fault?.code;
    if (fault === undefined) log.info('token signs', { token: token?.token });
    else log.error('token does not sign', { ...failureFields(fault), reason: fault.message });
  };
  return async () => {
    // A signature may have failed since the last look.
    tell(token?.fault);
    await token?.look();
    tell(token?.fault);
  };
}

/**
 * Has looks ask for the keys with which a folder's organisations sign under a network file.
 *
 * @param token - The token.
 * @param homes - The organisations.
 * @param network - The file; the first keys are asked for if it is absent.
 */
export function askForKeys(
  token: PkcsToken | undefined,
  homes: readonly OrganisationHome[],
  network: NetworkFile | undefined,
): void {
  const present = homes.map((home) => (network === undefined ? home : homeIn(network, home)));
  token?.use(
    present.flatMap(({ keys: { coordinator, sender }, authorityKey }) =>
      [coordinator, sender, authorityKey].map(({ signingKey }) => signingKey),
    ),
  );
}

/**
 * Returns what a node waits for at its token, without which it signs nothing.
 *
 * @param token - The token; undefined if the folder has the keys.
 */
export function awaitedToken(
  token: Pick<PkcsToken, 'token' | 'fault'> | undefined,
): readonly NodeReason[] {
  if (token?.fault === undefined) return [];
  return [nodeReason('token', { token: token.token, code: token.fault.code })];
}
