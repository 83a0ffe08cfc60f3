import { bytesToHex, utf8ToBytes } from '../../crypto/bytes.ts';
import { parseRow } from '../../database/parseRow.ts';
import type { ServiceDatabase } from '../../database/synced.ts';
import { NOTIFY_ASKED } from '../../protocol/shapes/askedShapes.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { verifyOwn } from '../../protocol/evidence/verifyOwn.ts';
import { succeeds } from '../../protocol/wire/succeeds.ts';
import type { OrganisationExamination } from '../examination/OrganisationExamination.ts';
import { pushKey, PUSHES } from './pushKeys.ts';

/**
 * Examines the browsers that an organisation tells of news: each row is in one spelling, under its name, signed, and its address
 * has the hash that was signed. The key that signed it may be a former one of its party: the node compares it before each push.
 *
 * @param examination - Organisation and network.
 * @param database - That of the letters.
 * @param say - Reports a fault.
 * @returns Number of intact rows.
 */
export async function countPushes(
  { network, ports }: Pick<OrganisationExamination, 'network' | 'ports'>,
  database: ServiceDatabase,
  say: (what: string) => void,
): Promise<number> {
  const context = { primitives: ports.primitives, domain: domainOf(network), network };
  let intact = 0;
  for await (const [key, text] of database.iterator(PUSHES)) {
    if (isIntact(key, text)) intact += 1;
    else say(`a browser that is told of news was altered at ${key}`);
  }
  return intact;

  function isIntact(key: string, text: string): boolean {
    return succeeds(() => {
      const { request: given, endpoint } = parseRow(NOTIFY_ASKED, text);
      const request = parseSigned(given, ['Notify']);
      const { party, message } = request;
      verifyOwn(context, request);
      const row = JSON.stringify({ request, ...(endpoint !== undefined && { endpoint }) });
      const hash =
        endpoint === undefined
          ? message.endpoint
          : bytesToHex(ports.primitives.sha256(utf8ToBytes(endpoint)));
      const isWhole = (message.until === 0) === (endpoint === undefined);
      return (
        isWhole &&
        row === text &&
        hash === message.endpoint &&
        key === pushKey({ party, endpoint: message.endpoint })
      );
    });
  }
}
