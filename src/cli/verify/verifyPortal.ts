import { existsSync } from 'node:fs';
import { examinePortal } from '../../client/audit/examinePortal.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { readPortal } from '../../http/portal/readPortal.ts';
import { createNativePrimitives } from '../../native/nativePrimitives.ts';
import { isNodeUrl } from '../../protocol/wire/isNodeUrl.ts';
import { findHome } from '../home/Home.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import { pinnedPath, readPinnedNetwork } from '../home/readPinnedNetwork.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { PORTAL_FINDINGS } from './verifyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VERIFY_PORTAL } from './verifyOptions.ts';

/**
 * Verifies that nodes serve the portal that this package has, or that somebody expects, and each file that its page pins.
 *
 * @throws MedsealError `ARGUMENT_INVALID`; `PORTAL_DAMAGED` if this package's own portal is not as it was built.
 */
export async function verifyPortal(
  _terminal: Terminal,
  urls: readonly string[],
  options: HomeOptions & OptionsOf<typeof VERIFY_PORTAL>,
): Promise<AnswerOf<typeof PORTAL_FINDINGS>> {
  const odd = urls.find((url: unknown) => !isNodeUrl(url));
  if (odd !== undefined) {
    throw wrong('URLS', `${odd} is not an address such as http://127.0.0.1:8480/hospital`);
  }
  if (options.sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(options.sha256)) {
    throw wrong('--sha256', 'it must be 64 hexadecimal digits');
  }
  const sha256 = options.sha256?.toLowerCase() ?? (await readPortal())?.sha256;
  const home = findHome(options);
  const isPinned = options.network !== undefined || existsSync(pinnedPath(home));
  const network = isPinned ? await readPinnedNetwork(options, home) : undefined;
  const found = await examinePortal(await createNativePrimitives(), urls, {
    ...(sha256 !== undefined && { sha256 }),
    ...(network && { network }),
  });
  const answered = found.filter((each) => each.unchecked === undefined);
  const away = found.filter((each) => each.unchecked !== undefined);
  const findings = answered.map(({ url, sha256: served, files, faults }) => {
    const signed = network === undefined ? '' : '; signed by its organisation';
    const whole = `page ${served}, and ${files} files as it pins them${signed}`;
    return {
      what: url,
      safe: faults.length === 0,
      detail: faults.length === 0 ? whole : faults.join('; '),
      ...(served !== undefined && { sha256: served }),
    };
  });
  const unchecked = [
    ...away.map((each) => `${each.url}: ${each.unchecked}`),
    ...(sha256 === undefined ? ['that it is the right page: give its hash with --sha256'] : []),
    ...(network === undefined
      ? ['that the organisations signed it: give the network file with --network']
      : []),
    'what the nodes serve to others',
  ];
  const good = findings.filter(({ safe }) => safe).length;
  const isRight = good === findings.length;
  return {
    ok: isRight && away.length === 0,
    ...(isRight && away.length > 0 && { again: true }),
    value: { ...(sha256 !== undefined && { sha256 }), findings, unchecked },
    lines: [
      ...findings.flatMap(({ what, safe, detail, sha256: served }) => [
        `${safe ? 'Safe    ' : 'Not safe'}  ${what}`,
        `            ${detail}`,
        ...(safe || served === undefined ? [] : [`            page ${served}`]),
      ]),
      '',
      sha256 === undefined
        ? `${good} of ${findings.length} safe, compared with each other`
        : `${good} of ${findings.length} safe, compared with the page ${sha256}`,
      '',
      'Not checked:',
      ...unchecked.map((what) => `  - ${what}`),
    ],
  };
}

function wrong(argument: string, reason: string): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason });
}
