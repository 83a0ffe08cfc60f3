import type { LedgerProvider } from '../../src/bindings/LedgerProvider.ts';
import { utf8ToBytes, bytesToHex } from '../../src/crypto/bytes.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { connectJsonRpc } from '../../src/ledger/connectJsonRpc.ts';
import { openEmbeddedLedger } from '../../src/ledger/openEmbeddedLedger.ts';
import { openSender } from '../../src/ledger/openSender.ts';
import type { Clock } from '../../src/protocol/Clock.ts';
import type { Organisation } from '../../src/protocol/ids.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import type { NodePorts } from '../../src/folder/NodePorts.ts';
import { identityOf } from '../../src/folder/OrganisationIdentity.ts';
import { foundNetwork, networkFileOf } from '../../src/node/founding/foundNetwork.ts';
import { BEGIN } from '../../src/node/test/testNetwork.ts';
import type { FaultPlan } from './FaultPlan.ts';
import type { Host } from './Host.ts';
import type { Base } from './newBase.ts';
import type { Scheduler } from './Scheduler.ts';
import { SimulatedValidators } from './validators/SimulatedValidators.ts';
import { validatorFetch } from './validators/validatorFetch.ts';
import type { ValidatorPlan } from './validators/ValidatorPlan.ts';

/** Longest wait for the ledger's answer, milliseconds. */
const LEDGER_PATIENCE = 2000;
/** Milliseconds until an organisation that starts asks again for a ledger that it cannot reach. */
const RECONNECT = 1000;
/** Name of the chain of a consortium's validators. */
const CHAIN = 'medseal-simulated';

/** The ledger as those see it who check a run: final blocks, at once. */
export interface CheckedLedger extends LedgerProvider {
  onBlock(listener: (block: { readonly number: number }) => void): () => void;
  close(): Promise<void>;
}

/** Numbers of the newest block that an organisation's services can read now, and that they ever could. */
export interface BlocksSeen {
  readonly present: number;
  readonly newest: number;
}

/** A simulated ledger, and the ways to it. */
export interface SimulatedLedger {
  readonly file: NetworkFile;
  readonly ledger: CheckedLedger;
  /** Reaches the ledger as an organisation does; a question may be lost, or its answer. */
  readonly connect: (host: Host, clock: Clock) => Promise<LedgerProvider>;
  /** Newest blocks that an organisation's services can read now, and that they ever could. */
  readonly blocksAt: (organisation: Organisation) => BlocksSeen;
}

/**
 * Opens the ledger of a consortium: an embedded one that all ask, or one that validators hold, whose answers each
 * organisation gets from its own.
 *
 * @param base - Disks and keys. Validators take over the ledger of a network that was founded on an embedded one.
 * @param options - Time and faults.
 * @param host - The embedded ledger's process, or all validators'.
 * @param ports - Clock and hashes.
 */
export async function openSimulatedLedger(
  { founding, origins, chain, validators: isOfValidators }: Base,
  options: {
    readonly scheduler: Scheduler;
    readonly plan: FaultPlan;
    readonly validators?: ValidatorPlan;
  },
  host: Host,
  { clock, primitives }: NodePorts,
): Promise<SimulatedLedger> {
  const { scheduler, plan } = options;
  const { chainId } = founding;
  const identities = [...origins].map(([organisation, { keys, authorityKey }]) =>
    identityOf(organisation, keys, authorityKey, false),
  );
  const accounts = new Map([...origins].map(([name, { keys }]) => [name, keys.sender.address]));
  const genesis = { timestamp: BEGIN, senders: [...accounts.values()] };
  const database = chain.openedBy(host, 'chain');
  const plain = networkFileOf(founding, identities, primitives);
  const hash = bytesToHex(primitives.sha256(utf8ToBytes(CHAIN)));
  const file: NetworkFile = isOfValidators
    ? { ...plain, ledger: { ...plain.ledger, genesis: hash, chain: CHAIN } }
    : plain;
  return options.validators === undefined
    ? await openEmbedded()
    : await openValidators(options.validators);

  async function openEmbedded(): Promise<SimulatedLedger> {
    const ledger = await openEmbeddedLedger({ database, chainId, genesis, clock, primitives });
    const [founder] = origins.values();
    if (founder === undefined) throw new Error('a network has an organisation');
    const secret = founder.keys.sender.signingKey;
    const sender = openSender({ provider: ledger, chainId, secret, primitives, clock });
    await foundNetwork(founding, identities, ledger, sender, primitives);
    let newest = Number(await ledger.request({ method: 'eth_blockNumber' }));
    ledger.onBlock(({ number }) => (newest = number));
    return {
      file,
      ledger,
      async connect({ name }) {
        return await Promise.resolve({
          async request(call) {
            await travel(`${name} > ledger ${call.method}`);
            const answer = await scheduler.hold(ledger.request(call));
            await travel(`ledger > ${name} ${call.method}`);
            return answer;
          },
        });
      },
      blocksAt: () => ({ present: newest, newest }),
    };
  }

  async function openValidators(rules: ValidatorPlan): Promise<SimulatedLedger> {
    const ledger = await SimulatedValidators.open({
      database,
      chainId,
      genesis,
      primitives,
      scheduler,
      accounts,
      name: CHAIN,
      faults: plan,
      plan: rules,
    });
    return {
      file,
      ledger,
      async connect({ name }, ownClock) {
        const fetch = validatorFetch(
          ledger.of(name),
          scheduler,
          async (what) => await travel(`${name} ${what}`),
        );
        const at = { url: 'http://validator', clock: ownClock, primitives, fetch };
        for (;;) {
          try {
            return await connectJsonRpc({ ...file.ledger, ...at });
          } catch (error) {
            if (!isMedsealError(error, 'LEDGER_UNREACHABLE')) throw error;
            await scheduler.sleep(RECONNECT);
          }
        }
      },
      blocksAt: (organisation) => {
        const { height: present, newest } = ledger.of(organisation);
        return { present, newest };
      },
    };
  }

  async function travel(what: string): Promise<void> {
    const delay = plan.ledgerDelay();
    if (delay === undefined) {
      scheduler.note(`lost ${what}`);
      await scheduler.sleep(LEDGER_PATIENCE);
      throw new MedsealError('LEDGER_UNREACHABLE', {});
    }
    if (delay > 0) await scheduler.sleep(delay);
  }
}
