import type { Organisation } from '../../protocol/ids.ts';
import { FIRST_CHANNEL, FOUNDING_FORMAT, type Founding } from '../../folder/Founding.ts';
import { authorityThreshold } from './authorityThreshold.ts';
import type { IdentityFile } from './identityFiles.ts';
import type { Decided } from './networkIdOf.ts';
import { validatorsIn } from './validatorsIn.ts';

/**
 * Returns the founding that a founder's terms and the identity files make.
 *
 * @param decided - Terms of the founder.
 * @param network - Its id and organisations, the founder first, and the identity files in the same order, if each has its own folder.
 */
export function foundingBy(
  decided: Decided,
  {
    networkId,
    demo,
    organisations,
    identities,
  }: Pick<Founding, 'networkId' | 'demo'> & {
    readonly organisations: readonly Organisation[];
    readonly identities: readonly IdentityFile[];
  },
): Founding {
  const [, ...others] = identities;
  return {
    format: FOUNDING_FORMAT,
    networkId,
    demo,
    ...decided,
    channel: decided.channel ?? FIRST_CHANNEL,
    threshold: authorityThreshold(organisations.length, decided.faulty),
    organisations,
    ...(identities.length > 0 && {
      others: others.map(
        ({ format: _format, url: _url, validator: _validator, share: _share, ...identity }) =>
          identity,
      ),
    }),
    urls: Object.fromEntries(identities.map(({ organisation, url }) => [organisation, url])),
    ...(identities.some(({ tls }) => tls !== undefined) && { tls: true }),
    ...validatorsIn(identities),
  };
}
