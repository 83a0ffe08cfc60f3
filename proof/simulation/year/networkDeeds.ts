import { eraseKeys } from '../../../src/client/epochs/eraseKeys.ts';
import { acceptRecipient } from '../../../src/client/rights/acceptRecipient.ts';
import { listChangedRecipients } from '../../../src/client/rights/listChangedRecipients.ts';
import { MedsealError } from '../../../src/errors/MedsealError.ts';
import { connect } from './careDeeds.ts';
import type { Year } from './Year.ts';

/** Event of the network, or of somebody in it, on one day of the year. */
export interface NetworkDeed {
  readonly name: string;
  /** Day of the year, from 0. */
  readonly day: number;
  readonly run: (year: Year) => Promise<void>;
}

/** Organisation that is lost in the year, and leaves. */
const LOST = 'insurer';
const MONTH = 30;

/** Events of the year. */
export const NETWORK_DEEDS: readonly NetworkDeed[] = [
  ...Array.from({ length: 12 }, (_, month) => ({
    name: 'backups',
    day: month * MONTH + 20,
    run: backUp,
  })),
  ...[2, 5, 8, 11].map((month) => ({
    name: 'a patient enrols',
    day: month * MONTH + 3,
    run: enrolPatient,
  })),
  { name: 'a doctor’s key changes', day: 47, run: async (year) => await changeDoctor(year, 0) },
  { name: 'a patient’s device is lost', day: 70, run: async (year) => await loseDevice(year, 0) },
  {
    name: 'the key of a log changes',
    day: 100,
    run: async (year) =>
      await changeFile(year, async () => await year.network.changeLogKey('laboratory')),
  },
  { name: 'a backup of two months ago is restored', day: 145, run: restore },
  {
    name: 'the shares are dealt again',
    day: 160,
    run: async (year) => await changeFile(year, async () => await year.network.dealKey('again')),
  },
  { name: 'an organisation is lost', day: 190, run: async (year) => await lose(year) },
  { name: 'it leaves', day: 203, run: leave },
  {
    name: 'another release key',
    day: 230,
    run: async (year) => await changeFile(year, async () => await year.network.dealKey('another')),
  },
  { name: 'a patient’s key changes', day: 255, run: changePatient },
  { name: 'a store is lost', day: 275, run: loseStore },
  { name: 'a category is erased', day: 290, run: erase },
  {
    name: 'the first doctor’s key changes again',
    day: 305,
    run: async (year) => await changeDoctor(year, 0),
  },
  { name: 'all restart', day: 320, run: restartAll },
  {
    name: 'a patient’s new device is lost',
    day: 330,
    run: async (year) => await loseDevice(year, 0),
  },
];

async function enrolPatient(year: Year): Promise<void> {
  if (year.patients.length >= year.most) return;
  await year.deed('enrol', async () => await year.enrolPatient());
  const patient = year.patients.at(-1);
  if (patient !== undefined) await connect(year, patient);
}

/** Has all go on under another network file, and all programs start again. */
async function changeFile(year: Year, change: () => Promise<void>): Promise<void> {
  await year.deed('another network file', async () => {
    await change();
    for (const person of year.everybody) await person.startAgain();
  });
}

async function backUp(year: Year): Promise<void> {
  await year.deed('back up', async () => {
    for (const name of year.members) year.keepBackup(name, await year.network.save(name));
  });
}

async function changeDoctor(year: Year, number: number): Promise<void> {
  await year.deed('change a doctor’s key', async () => {
    const doctor = year.doctors[number];
    await doctor?.changeKey(year.random(32));
    for (const patient of year.patients) {
      const { party } = patient.person;
      for (const changed of await listChangedRecipients(party))
        await acceptRecipient(party, changed);
    }
  });
  for (const patient of year.patients) await connect(year, patient);
}

async function loseDevice(year: Year, number: number): Promise<void> {
  await year.deed('restore a device', async () => await year.patients[number]?.person.restore());
}

async function changePatient(year: Year): Promise<void> {
  await year.deed('change a patient’s key', async () => {
    await year.patients[1]?.person.changeKey(year.random(32));
  });
}

async function restore(year: Year): Promise<void> {
  await year.deed('restore', async () => {
    const name = 'laboratory';
    const saved = year.backups.get(name)?.[0];
    if (saved === undefined) throw new Error('no backup');
    await year.network.lose(name, 'vault-index', 'vault');
    const restored = { restoredAt: year.now, othersWentOn: true };
    await year.network.rollBack(name, saved, restored);
    const { rejoining } = year.network.services(name);
    for (let round = 0; round < 20 && !rejoining.done; round++) {
      await rejoining.go().catch(() => undefined);
      await year.leap(10_000);
    }
    if (!rejoining.done) throw rejoining.failure;
  });
}

async function lose(year: Year): Promise<void> {
  await year.deed('lose an organisation', async () => {
    year.isLost = true;
    const { liars } = year.network;
    const running = year.network.services(LOST);
    await running.stop();
    liars.coordinator.set(LOST, gone(running.coordinator));
    liars.contributor.set(LOST, gone(running.contributor));
    liars.authority.set(LOST, gone(year.network.authority(LOST)));
    await year.moveFrom(LOST, 'hospital');
  });
}

async function leave(year: Year): Promise<void> {
  await changeFile(year, async () => await year.network.leave(LOST));
  await changeFile(year, async () => await year.network.dealWith('leaves', LOST));
}

async function loseStore(year: Year): Promise<void> {
  await year.deed('lose a store', async () => {
    await year.network.lose('hospital', 'kept');
    await year.network.services('hospital').contributor.catchUp();
    await year.network.services('hospital').contributor.repair();
  });
}

async function erase(year: Year): Promise<void> {
  const patient = year.patients[0];
  if (patient === undefined) return;
  await year.deed('erase', async () => {
    await eraseKeys(patient.person.party, 'laboratory');
    for (const [record, { category }] of patient.records) {
      if (category === 'laboratory') patient.erased.add(record);
    }
  });
}

async function restartAll(year: Year): Promise<void> {
  await year.deed('restart', async () => {
    for (const name of year.members) await year.network.restart(name);
    for (const person of year.everybody) await person.startAgain();
  });
}

/** A port at which nobody answers. */
function gone<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get: (target, name) => {
      if (typeof Reflect.get(target, name) !== 'function') return undefined;
      return name === 'file' ? fail : async () => await Promise.resolve().then(fail);
    },
  });
}

function fail(): never {
  throw new MedsealError('PEER_UNREACHABLE', { peer: LOST });
}
