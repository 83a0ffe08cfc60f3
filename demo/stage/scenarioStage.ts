import { existsSync, rmSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { openNetwork } from '../../src/node/openNetwork.ts';
import { readAuthorityKeys } from '../../src/node/founding/readAuthorityKeys.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import type { DemoNetwork } from '../parties/DemoNetwork.ts';
import type { IssuerSeat } from '../scenario/claimScenario.ts';
import { HeldClock, type HoldTime, type PassTime } from '../scenario/HeldClock.ts';
import type {
  CareCast,
  CastMember,
  Cast,
  CustodyCast,
  Pharmacies,
  SensorCast,
} from '../scenario/Cast.ts';
import { complain } from '../../src/cli/program/complain.ts';
import {
  freshCareCast,
  freshCast,
  freshCustodyCast,
  freshPharmacies,
  freshSensorCast,
  requireMandates,
} from './freshCast.ts';
import { keptActors, passingActors, type OpenActor } from './openActor.ts';
import { openRunningNetwork } from './openRunningNetwork.ts';
import { findHome } from '../../src/cli/home/Home.ts';
import { keysOf, openKeyAt } from '../../src/cli/home/openVisitor.ts';
import { openMembers } from '../../src/cli/party/openMembers.ts';
import { readPinnedNetwork } from '../../src/cli/home/readPinnedNetwork.ts';
import { warnUnguarded } from '../../src/cli/warnUnguarded.ts';
import type { VisitorOptions } from '../../src/cli/program/sharedOptions.ts';
import type { Terminal } from '../../src/cli/terminal/Terminal.ts';
import { ifInterrupted } from '../../src/cli/program/whileInterruptible.ts';
import { writeFileWhole } from '../../src/cli/program/writeFileWhole.ts';

/** Options of a stage. */
export interface StageOptions extends VisitorOptions {
  /** True if the records of the stage's own network open without a release of its organisations. */
  readonly unguarded?: boolean;
  /** Folder that keeps a network of the stage's own; it goes afterwards if absent. */
  readonly data?: string;
  /** Folder of a running network's node, whose organisation issues units; the device's own folder if absent. */
  readonly issuer?: string;
}

/** The network and parties with which a scenario is played. */
export interface Stage {
  /** The parties for the bundle of this number. */
  cast(number: number): Promise<Cast>;
  /**
   * The parties of the care scenario for the bundle of this number.
   * @throws MedsealError `CONTRACT_ABSENT` if the network was founded before there was a contract that it needs;
   * `ARGUMENT_INVALID` if the device has too few keys.
   */
  careCast(number: number): Promise<CareCast>;
  /**
   * The parties of custody. On a device of a running network nobody loses a key.
   * @throws MedsealError `CONTRACT_ABSENT` if the network was founded before there were mandates; `ARGUMENT_INVALID` if the device has
   * too few keys.
   */
  custodyCast(): Promise<CustodyCast>;
  /** The parties of the sensors' scenario; on a device of a running network a second doctor is the gateway. */
  sensorCast(): Promise<SensorCast>;
  /**
   * Keys of the authority's members, if they lie on this machine.
   * @throws MedsealError `ARGUMENT_INVALID` if the named folder has not the key of the first insurer's organisation;
   * `FOLDER_FOREIGN` for another network's key; `PASSPHRASE_WRONG`.
   */
  authority(): Promise<readonly IssuerSeat[]>;
  /** Two pharmacists; undefined if the stage has none, or its network no prescriptions. */
  pharmacies(): Promise<Pharmacies | undefined>;
  /** Lets the time of the stage's own network stand still; absent if others use the network too. */
  readonly holdTime?: HoldTime;
  /** Lets days pass on a network that goes afterwards; absent for one that is kept, whose ledger would be ahead of the machine. */
  readonly passTime?: PassTime;
  /** Keeps the network file beside the receipts, where it would go with the network. */
  keepNetworkFile(folder: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the network and the parties of a scenario: those of the device if the options name it or its node; new people of a
 * network that runs, if they name its folder; otherwise a demonstration of the scenario's own.
 *
 * @param terminal - Asks for passphrases.
 * @param options - The device, its node, or a folder of a network.
 * @throws MedsealError `ARGUMENT_INVALID` if an issuer is named without a network that runs, or a running network's folder
 * beside a device.
 */
export async function openStage(terminal: Terminal, options: StageOptions): Promise<Stage> {
  const running = options.url !== undefined || options.home !== undefined;
  const { network } = options;
  if (network !== undefined && isFolder(network)) {
    const beside = ['url', 'home', 'data', 'issuer', 'unguarded'] as const;
    const [other] = beside.filter((each) => options[each] !== undefined);
    if (other === undefined) return await folderStage(terminal, resolve(network), options);
    const reason = 'the network in that folder has its own nodes, people and issuers: leave it out';
    throw new MedsealError('ARGUMENT_INVALID', { argument: `--${other}`, reason });
  }
  if (network !== undefined && !running) {
    const reason = 'name the folder of a network that runs, or a device with --home beside a file';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--network', reason });
  }
  if (!running && options.issuer !== undefined) {
    const reason =
      'a network of the scenario’s own issues units by itself: name a device with --home';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--issuer', reason });
  }
  if (running && options.unguarded === true) {
    const reason = 'a network that runs is guarded or not since it was founded';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--unguarded', reason });
  }
  return running ? await runningStage(terminal, options) : await freshStage(terminal, options);
}

/** A network of the scenario's own, in a folder that goes afterwards unless it is to be kept. */
async function freshStage(terminal: Terminal, options: StageOptions): Promise<Stage> {
  const kept = options.data !== undefined;
  const folder = kept ? resolve(options.data ?? '') : await mkdtemp(join(tmpdir(), 'medseal-'));
  const gone = ifInterrupted(() => {
    if (!kept) rmSync(folder, { recursive: true, force: true });
  });
  const ports = await machinePorts();
  const clock = new HeldClock(ports.clock);
  const network = await openNetwork({
    folder,
    demo: true,
    ports: { ...ports, clock },
    ...(options.unguarded === true && { unguarded: true }),
    onFailure: (error) => complain(error),
  });
  warnUnguarded(terminal, network.file);
  return {
    ...castsOf(network.file, keptActors(network, `${folder}/parties`)),
    holdTime: clock.hold,
    ...(!kept && { passTime: clock.pass }),
    authority: async () => await readAuthorityKeys(`${folder}/authority`, network.ports.primitives),
    async keepNetworkFile(beside) {
      if (!kept) {
        const text = await readFile(join(folder, 'network.json'));
        await writeFileWhole(join(beside, 'network.json'), text);
      }
    },
    async close() {
      await network.close();
      if (!kept) await rm(folder, { recursive: true, force: true });
      gone();
    },
  };
}

/** Casts of people who are enrolled unless they are, in whichever process the nodes run. */
function castsOf(
  file: NetworkFile,
  open: OpenActor,
): Pick<Stage, 'cast' | 'careCast' | 'custodyCast' | 'sensorCast' | 'pharmacies'> {
  return {
    cast: async (number) => await freshCast(open, number),
    careCast: async (number) => await freshCareCast(open, file, number),
    custodyCast: async () => await freshCustodyCast(open, file),
    sensorCast: async () => await freshSensorCast(open),
    pharmacies: async () => await freshPharmacies(open, file),
  };
}

/** A network that runs in a folder on this machine, with the folders of its organisations in it. */
async function folderStage(
  terminal: Terminal,
  folder: string,
  options: StageOptions,
): Promise<Stage> {
  const { network, keystore } = await openRunningNetwork(folder);
  warnUnguarded(terminal, network.file);
  const open = network.file.demo ? keptActors(network, keystore) : passingActors(network);
  return {
    ...castsOf(network.file, open),
    authority: async () => await seatsIn(terminal, network, { folder, options }),
    keepNetworkFile: async () => await Promise.resolve(),
    close: async () => await Promise.resolve(),
  };
}

/** The members of the authority whose keys lie in a network's folder, or in those of its organisations within it. */
async function seatsIn(
  terminal: Terminal,
  { file, agents, ports }: DemoNetwork,
  { folder, options }: { readonly folder: string; readonly options: StageOptions },
): Promise<readonly IssuerSeat[]> {
  const { passphraseFile } = options;
  const seats: IssuerSeat[] = [];
  for (const data of [folder, ...[...agents.keys()].map((name) => join(folder, name))]) {
    if (!existsSync(join(data, 'authority'))) continue;
    const at = { data, ...(passphraseFile !== undefined && { passphraseFile }) };
    seats.push(...(await openMembers(terminal, { network: file, ...ports }, at)));
  }
  return seats;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** A network that runs already, with the parties of a device. */
async function runningStage(terminal: Terminal, options: StageOptions): Promise<Stage> {
  const home = findHome(options);
  const network = await readPinnedNetwork(options, home);
  const keys = await keysOf(home, network);
  const { primitives } = await machinePorts();
  const actor = async (
    role: CastMember['role'],
    number: number,
    fits: (organisation: string) => boolean = () => true,
  ): Promise<CastMember> => {
    const key = keys.filter((each) => each.role === role && fits(each.organisation ?? ''))[number];
    const organisation = key?.organisation;
    if (key === undefined || organisation === undefined) {
      const reason = `the device has too few keys with the role ${role}`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: '--home', reason });
    }
    const at = { home, network, key, organisation };
    const party = await openKeyAt(terminal, at, options);
    return { name: key.name, role, organisation, party, fresh: false };
  };
  return {
    cast: async (number) => ({
      patient: await actor('patient', number),
      doctor: await actor('doctor', 0),
      specialist: await actor('doctor', 1),
    }),
    careCast: async (number) => {
      const [doctor, insurer] = [await actor('doctor', 0), await actor('insurer', 0)];
      const isSide = (at: string): boolean => at === doctor.organisation || isOwn(at);
      const isOwn = (at: string): boolean => at === insurer.organisation;
      return {
        patient: await actor('patient', number),
        doctor,
        specialist: await actor('doctor', 1),
        pharmacies: [await actor('pharmacist', 0), await actor('pharmacist', 1)],
        laboratory: await actor('lab', 0),
        child: await actor('patient', number + 1),
        registrar: await actor('registrar', 0),
        insurers: [insurer, await actor('insurer', 1)],
        verifiers: [
          await actor('verifier', 0, (at) => !isSide(at)),
          await actor('verifier', 0, isOwn),
        ],
      };
    },
    async custodyCast() {
      requireMandates(network);
      return {
        son: await actor('patient', 0),
        mother: await actor('patient', 1),
        aunt: await actor('doctor', 1),
        doctor: await actor('doctor', 0),
      };
    },
    sensorCast: async () => ({
      patient: await actor('patient', 0),
      doctor: await actor('doctor', 0),
      gateway: await actor('doctor', 1),
      pharmacist: await actor('pharmacist', 0),
    }),
    async authority() {
      const { issuer, passphraseFile } = options;
      if (issuer === undefined) {
        return await readAuthorityKeys(join(home.path, 'authority'), primitives);
      }
      const at = { data: issuer, ...(passphraseFile !== undefined && { passphraseFile }) };
      const members = await openMembers(terminal, { network, primitives }, at);
      const insurer = keys.find(({ role }) => role === 'insurer')?.organisation;
      if (members.some(({ organisation }) => organisation === insurer)) return members;
      const reason = `the folder has no key of the authority’s member of ${insurer ?? 'an insurer'}`;
      throw new MedsealError('ARGUMENT_INVALID', { argument: '--issuer', reason });
    },
    // A device seldom has the keys of two pharmacists.
    pharmacies: async () => await Promise.resolve(undefined),
    keepNetworkFile: async () => await Promise.resolve(),
    close: async () => await Promise.resolve(),
  };
}
