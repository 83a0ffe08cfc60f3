import { toEventSelector } from 'viem/utils';
import { consentAbi } from '../../bindings/generated/consentAbi.ts';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Address, Bytes32, Handle } from '../../protocol/ids.ts';
import { network, word } from '../../protocol/test/sampleNetwork.ts';

/** Grants of each patient; all but the first are ended, as after some years. */
const GRANTS = 10;
/** Patients of whom the ledger gives the events in one answer. */
const AT_ONCE = 200;

const SELECTORS = new Map(
  [...registryAbi, ...consentAbi].flatMap((item) =>
    item.type === 'event' ? [[item.name as string, toEventSelector(item)] as const] : [],
  ),
);
const HOSPITAL = word('hospital');

/** Chart of a patient, by number. */
export function handleOf(patient: number): Handle {
  return idOf(1, patient);
}

/** Address of a patient, by number. */
export function partyOf(patient: number): Address {
  return `0x${idOf(2, patient).slice(26)}`;
}

/** A grant of a patient, by their numbers. */
export function grantOf(patient: number, grant: number): Bytes32 {
  return idOf(3, patient * GRANTS + grant);
}

/** Every id that the events of a patient have, by number, each at the same place for all patients. */
export function idsOf(patient: number): readonly string[] {
  const grants = Array.from({ length: GRANTS }, (_, at) => grantOf(patient, at));
  const others = [5, 6, 7].map((kind) => idOf(kind, patient));
  return [handleOf(patient), partyOf(patient), ...grants, ...others];
}

/** Hash of a block of that ledger. */
export function hashOf(block: number): Bytes32 {
  return idOf(4, block);
}

/**
 * A ledger in each block of which a patient is enrolled, commits to epochs, gives ten rights, and ends nine of them. No two texts of
 * its answers are one, as over HTTP.
 *
 * @param patients - Returns the number of patients.
 */
export function patientsLedger(patients: () => number): LedgerProvider {
  return {
    request: async ({ method, params }) => {
      if (method === 'eth_getBlockByNumber') {
        const asked = params?.[0] === 'latest' ? patients() - 1 : Number(params?.[0]);
        const number = `0x${asked.toString(16)}`;
        return await Promise.resolve({ number, timestamp: '0x1', hash: hashOf(asked) });
      }
      const [{ fromBlock, toBlock }] = params as [Record<'fromBlock' | 'toBlock', string>];
      const [from, to] = [Number(fromBlock), Number(toBlock)];
      if (to - from >= AT_ONCE) {
        throw new MedsealError('LEDGER_REJECTED', { code: -32_005, reason: 'too wide' });
      }
      const count = to - from + 1;
      const logs = Array.from({ length: count }, (_, at) => logsOf(from + at)).flat();
      return await Promise.resolve(JSON.parse(JSON.stringify(logs)));
    },
  };
}

/** An id that looks like a hash: numbers that follow on each other have nothing in common at its front. */
function idOf(kind: number, number: number): Bytes32 {
  const mixed = Math.imul(number + 1, 0x9e_37_79_b1) >>> 0;
  const front = mixed.toString(16).padStart(8, '0').repeat(4);
  return `0x${kind}${front}${number.toString(16).padStart(31, '0')}`;
}

function logsOf(patient: number): readonly object[] {
  const [handle, party] = [handleOf(patient), `0x${partyOf(patient).slice(2).padStart(64, '0')}`];
  const logs: object[] = [
    logOf(patient, 'Enrolled', [party, handle], [number(1), HOSPITAL, idOf(5, patient)]),
    logOf(patient, 'EpochsCommitted', [handle], [number(1), number(128), idOf(6, patient)]),
  ];
  for (let at = 0; at < GRANTS; at++) {
    logs.push(logOf(patient, 'Granted', [handle, grantOf(patient, at)]));
  }
  for (let at = 1; at < GRANTS; at++) {
    const grant = grantOf(patient, at);
    logs.push(
      logOf(patient, 'EpochAdvanced', [handle], [number(at), grant]),
      logOf(patient, 'Revoked', [handle, grant]),
    );
  }
  return logs;
}

/** A number as a word of the contracts. */
function number(value: number): string {
  return `0x${value.toString(16).padStart(64, '0')}`;
}

function logOf(
  block: number,
  name: string,
  topics: readonly string[],
  data: readonly string[] = [],
): object {
  return {
    address: network.contracts.consent,
    topics: [SELECTORS.get(name), ...topics],
    data: `0x${data.map((each) => each.slice(2)).join('')}`,
    blockNumber: `0x${block.toString(16)}`,
    transactionHash: idOf(7, block),
    logIndex: '0x0',
  };
}
